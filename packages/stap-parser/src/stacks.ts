import { BatchBuilder, type StackBatch } from './batch.ts';
import { FrameTable } from './frame-table.ts';
import { CUT, DAMAGED, UNKNOWN } from './grammar/label.ts';
import type { ResolvedParserOptions } from './options.ts';
import { FRAMES, type Record } from './record.ts';
import type { Source } from './source.ts';
import type { SummaryBuilder } from './summary.ts';
import { Token } from './tokenizer/tokenizer.ts';

/** Frames of the parser's own that one stack may need: `[damaged]`, `[unknown]`, `[cut]`, its host. */
const OWN_FRAMES = 4;

/** What makes a record more than its frames in printed order. */
const UNUSUAL = Token.TEXT | Token.PROBE | Token.SAME_ADDRESS;

/** Makes stacks of records, in batches over a bounded frame table. */
export class Stacks {
  table: FrameTable;
  readonly #options: ResolvedParserOptions;
  readonly #summary: SummaryBuilder;
  readonly #builder = new BatchBuilder();
  readonly #ready: StackBatch[] = [];
  #readyFrames = 0;
  #stack = new Uint32Array(256);

  constructor(options: ResolvedParserOptions, summary: SummaryBuilder) {
    this.#options = options;
    this.#summary = summary;
    this.table = this.#newTable(0);
  }

  /**
   * Closes a record whose lines are just `tokens[from … to − 1]`, without the way through `Record`; `false`
   * where it is not as plain as that. Nearly all records of a large trace are.
   */
  finishPlain(
    source: Source,
    tokens: Uint32Array,
    from: number,
    to: number,
    seen: number,
    weight: number,
  ): boolean {
    const lines = to - from;
    if ((seen & UNUSUAL) !== 0 || lines === 0 || lines > this.#options.maxRecordLines) return false;
    if (!source.plain || lines >= source.maxBacktrace) return false;
    this.#count(source, weight);
    this.#summary.whole++;
    this.#builder.add(tokens, from, to, weight);
    return true;
  }

  /** Closes the source's record with this weight; the next record begins at `end`. */
  finish(source: Source, weight: number, end: number): void {
    this.#count(source, weight);
    this.#add(source, weight);
    source.record.clear(end);
  }

  #count(source: Source, weight: number): void {
    this.#summary.records++;
    this.#summary.weight += weight;
    source.records++;
    source.weight += weight;
  }

  #add(source: Source, weight: number): void {
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
    let length = arrange(record, this.#stack);
    if (isCut(record, source.maxBacktrace)) {
      this.#summary.cut++;
      length = this.#markCut(length);
    }
    if (length === 0) this.#stack[length++] = this.table.tokenOf(UNKNOWN);
    if (source.host !== undefined) this.#stack[length++] = this.table.tokenOf(source.host);
    this.#builder.add(this.#stack, 0, length, weight);
  }

  /** `[cut]` at the root end of the frames: below it stand only thread and header. */
  #markCut(length: number): number {
    let frames = length;
    while (frames > 0 && (this.#stack[frames - 1]! & Token.TEXT) !== 0) frames--;
    this.#stack.copyWithin(frames + 1, frames, length);
    this.#stack[frames] = this.table.tokenOf(CUT);
    return length + 1;
  }

  /** A stack of one frame of the parser's own. */
  #addOwn(label: string, source: Source, weight: number): void {
    let length = 0;
    this.#stack[length++] = this.table.tokenOf(label);
    if (source.host !== undefined) this.#stack[length++] = this.table.tokenOf(source.host);
    this.#builder.add(this.#stack, 0, length, weight);
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
    for (const { lines, length } of open) {
      for (let i = 0; i < length; i++) {
        const token = this.table.tokenOf(old.lineOf(lines[i]! & Token.ID_MASK));
        lines[i] = token | (lines[i]! & Token.SAME_ADDRESS);
      }
    }
  }

  #newTable(lines: number): FrameTable {
    const capacity = Math.max(this.#options.maxTableFrames, lines * 2 + OWN_FRAMES);
    return new FrameTable(capacity, this.#options.label, this.#options.addresses);
  }

  #flush(): void {
    if (this.#builder.stackCount === 0) return;
    this.#readyFrames += this.#builder.frameCount;
    this.#ready.push(this.#builder.take(this.table));
  }

  /** Frames of the stacks that wait to be taken, those of full tables among them. */
  get waiting(): number {
    return this.#readyFrames + this.#builder.frameCount;
  }

  /** The batches so far, in order. */
  take(): StackBatch[] {
    this.#flush();
    this.#readyFrames = 0;
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
function arrange(record: Record, stack: Uint32Array): number {
  const { lines, length, seen } = record;
  let header = 0;
  if ((seen & FRAMES) !== 0) while ((lines[header]! & Token.TEXT) !== 0) header++;
  let twin = (seen & Token.SAME_ADDRESS) !== 0;
  let to = 0;
  for (let i = header; i < length; i++) {
    const line = lines[i]!;
    if (twin && (line & Token.SAME_ADDRESS) !== 0) twin = false;
    else if ((line & Token.PROBE) === 0) stack[to++] = line;
  }
  for (let i = header - 1; i >= 0; i--) stack[to++] = lines[i]!;
  return to;
}

/** Whether the sampler printed as many frames as it may of the kernel's or of the user's stack. */
function isCut({ lines, length }: Record, maxBacktrace: number): boolean {
  if (length < maxBacktrace) return false;
  let user = 0;
  let text = 0;
  for (let i = 0; i < length; i++) {
    if ((lines[i]! & Token.USER) !== 0) user++;
    else if ((lines[i]! & Token.TEXT) !== 0) text++;
  }
  return user >= maxBacktrace || length - user - text >= maxBacktrace;
}
