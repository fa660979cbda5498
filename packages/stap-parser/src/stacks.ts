import { BatchBuilder, type StackBatch } from './batch.ts';
import { LineKind, FrameTable } from './frame-table.ts';
import { CUT, DAMAGED, UNKNOWN } from './grammar/label.ts';
import type { ResolvedParserOptions } from './options.ts';
import { Seen, SEEN_FRAMES, type Record } from './record.ts';
import type { Source } from './source.ts';
import type { SummaryBuilder } from './summary.ts';
import { Token } from './tokenizer/tokenizer.ts';

/** Frames of the parser's own that one stack may need: `[damaged]`, `[unknown]`, `[cut]`, its host. */
const OWN_FRAMES = 4;

/** Records that are stacks just as they stand. */
const PLAIN: ReadonlySet<number> = new Set([Seen.FRAME, Seen.KERNEL, Seen.FRAME | Seen.KERNEL]);

/** Makes stacks of records, in batches over a bounded frame table. */
export class Stacks {
  table: FrameTable;
  readonly #options: ResolvedParserOptions;
  readonly #summary: SummaryBuilder;
  readonly #builder = new BatchBuilder();
  readonly #ready: StackBatch[] = [];
  #stack = new Uint32Array(256);

  constructor(options: ResolvedParserOptions, summary: SummaryBuilder) {
    this.#options = options;
    this.#summary = summary;
    this.table = this.#newTable(0);
  }

  /** Closes the source's record with this weight; the next record begins at `end`. */
  finish(source: Source, weight: number, end: number): void {
    const { record } = source;
    this.#summary.records++;
    this.#summary.weight += weight;
    source.count();
    const plain = PLAIN.has(record.seen) && record.damage === undefined && record.framing === 'none';
    if (plain && !source.framed && record.length < source.maxBacktrace && source.host === undefined) {
      this.#summary.whole++;
      this.#builder.add(record.ids, record.length, weight);
    } else this.#finishSlowly(source, weight);
    record.clear(end);
  }

  #finishSlowly(source: Source, weight: number): void {
    const { record } = source;
    if (record.framing !== 'none') source.framed = true;
    if (source.framed && record.framing !== 'closed')
      record.damage ??= { offset: record.start, reason: 'framing' };
    if (record.damage) {
      this.#summary.addDamage(record.damage);
      this.#summary.damagedWeight += weight;
      this.#addOwn(DAMAGED, source, weight);
      return;
    }
    this.#summary.whole++;
    if (this.#stack.length < record.length + OWN_FRAMES)
      this.#stack = new Uint32Array(record.length * 2 + OWN_FRAMES);
    let length = arrange(record, this.table.kinds, this.#stack);
    if (isCut(record, this.table.kinds, source.maxBacktrace)) {
      this.#summary.cut++;
      length = this.#markCut(length);
    }
    if (length === 0) this.#stack[length++] = this.table.idOf(UNKNOWN);
    if (source.host !== undefined) this.#stack[length++] = this.table.idOf(source.host);
    this.#builder.add(this.#stack, length, weight);
  }

  /** `[cut]` at the root end of the frames: below it stand only thread and header. */
  #markCut(length: number): number {
    const { kinds } = this.table;
    let frames = length;
    while (frames > 0 && kinds[this.#stack[frames - 1]!] === LineKind.TEXT) frames--;
    this.#stack.copyWithin(frames + 1, frames, length);
    this.#stack[frames] = this.table.idOf(CUT);
    return length + 1;
  }

  /** A stack of one frame of the parser's own. */
  #addOwn(label: string, source: Source, weight: number): void {
    let length = 0;
    this.#stack[length++] = this.table.idOf(label);
    if (source.host !== undefined) this.#stack[length++] = this.table.idOf(source.host);
    this.#builder.add(this.#stack, length, weight);
  }

  /**
   * Makes room for one more line and the frames of the parser's own. Where the table is full a new one
   * is begun: the stacks so far become a batch, and the lines of open records move over.
   */
  makeRoom(sources: Iterable<Source>): boolean {
    if (this.table.size + OWN_FRAMES < this.table.capacity) return false;
    this.renew(sources);
    return true;
  }

  /** Begins a new table. */
  renew(sources: Iterable<Source>): void {
    this.#flush();
    const open = Array.from(sources, (source) => source.record);
    const old = this.table;
    this.table = this.#newTable(open.reduce((lines, record) => lines + record.length, 0));
    for (const { ids, length } of open) {
      for (let i = 0; i < length; i++) {
        const id = this.table.idOf(old.lineOf(ids[i]! & Token.ID_MASK));
        ids[i] = id | (ids[i]! & Token.SAME_ADDRESS);
      }
    }
  }

  #newTable(lines: number): FrameTable {
    const capacity = Math.max(this.#options.maxTableFrames, lines * 2 + OWN_FRAMES);
    return new FrameTable(capacity, this.#options.label, this.#options.addresses);
  }

  #flush(): void {
    if (this.#builder.stackCount > 0) this.#ready.push(this.#builder.take(this.table));
  }

  /** Frames of the stacks that wait in the open batch. */
  get waiting(): number {
    return this.#builder.frameCount;
  }

  /** The batches so far, in order. */
  take(): StackBatch[] {
    this.#flush();
    return this.#ready.splice(0);
  }
}

/**
 * Writes the record's stack, leaf first, and gives its length:
 *
 *     header lines │ frames, leaf first │            printed
 *                  │ frames, leaf first │ header, last line first
 *
 * The unwinder of a kernel without unwind data prints the frame where it starts twice: of the first pair
 * at the same kernel address one is left out. A record without any frame takes its lines as frames.
 */
function arrange(record: Record, kinds: Uint8Array, stack: Uint32Array): number {
  const { ids, length } = record;
  const header = (record.seen & SEEN_FRAMES) === 0 ? 0 : headerLength(record, kinds);
  let twin = (record.seen & Seen.SAME_ADDRESS) !== 0;
  let to = 0;
  for (let i = header; i < length; i++) {
    const id = ids[i]! & Token.ID_MASK;
    if (twin && ids[i]! & Token.SAME_ADDRESS) twin = false;
    else if (kinds[id] !== LineKind.PROBE) stack[to++] = id;
  }
  for (let i = header - 1; i >= 0; i--) stack[to++] = ids[i]! & Token.ID_MASK;
  return to;
}

function headerLength(record: Record, kinds: Uint8Array): number {
  let lines = 0;
  while (kinds[record.ids[lines]! & Token.ID_MASK] === LineKind.TEXT) lines++;
  return lines;
}

/** Whether the sampler printed as many frames as it may of the kernel's or of the user's stack. */
function isCut({ ids, length }: Record, kinds: Uint8Array, maxBacktrace: number): boolean {
  if (length < maxBacktrace) return false;
  let user = 0;
  let text = 0;
  for (let i = 0; i < length; i++) {
    const kind = kinds[ids[i]! & Token.ID_MASK];
    if (kind === LineKind.FRAME) user++;
    else if (kind === LineKind.TEXT) text++;
  }
  return user >= maxBacktrace || length - user - text >= maxBacktrace;
}
