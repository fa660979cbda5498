import { Token } from '@stapflame/line-scanner';
import { CUT, DAMAGED, StackBuilder, UNKNOWN, type Facts, type StackBatch } from '@stapflame/stacks';
import { LabelFrames } from './label-frames.ts';
import { LineFrames } from './line-frames.ts';
import { LineKind } from './line-kind.ts';
import type { ResolvedParserOptions } from './options.ts';
import { FRAMES, type OpenRecord } from './record.ts';
import type { Source } from './source.ts';
import type { SummaryBuilder } from './summary.ts';
import type { TraceFacts } from './trace-facts.ts';
import { OWN_FRAMES, type TraceTable } from './trace-table.ts';

/** Approximate number of frames in a batch, which come from about a megabyte of trace. */
const BATCH_FRAMES = 1 << 14;

/** Maximum number of spare frames to reserve when a long record needs a larger stack. */
const SPARE_FRAMES = 1 << 16;

/**
 * If there are fewer frames per name than this, a full table grows instead of being replaced, because a new table would
 * soon contain the same names again.
 */
const FEW_FRAMES = 8;

/** If any of these bits is set in a record, its stack differs from its lines. */
const UNUSUAL = LineKind.TEXT | LineKind.NOISE | Token.SAME_ADDRESS;

/** Makes stacks from records, in batches whose frame tables have a limited size. */
export class StackMaker {
  table: TraceTable;
  readonly #options: ResolvedParserOptions;
  readonly #summary: SummaryBuilder;
  readonly #facts: TraceFacts;
  readonly #builder = new StackBuilder();
  readonly #ready: StackBatch[] = [];
  #readyFrames = 0;
  /** The facts in the last batch. */
  #told: Facts = {};
  #stack = new Uint32Array(256);
  /** The table's size when unrecognised lines were last noted. */
  #seenLines = 0;
  /** Number of frames in the stacks that use the current table. */
  #frames = 0;

  constructor(options: ResolvedParserOptions, summary: SummaryBuilder, facts: TraceFacts) {
    this.#options = options;
    this.#summary = summary;
    this.#facts = facts;
    this.table = this.#newTable();
  }

  /**
   * Ends a record that consists only of the lines `tokens[from … to − 1]`, without using `OpenRecord`. Returns `false`
   * if the record is not simple enough. Nearly all records in a large trace are simple enough.
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
    this.#frames += lines;
    this.#builder.add(tokens, from, to, weight, weight, LineKind.ID_MASK);
    return true;
  }

  /** Ends the source's record with this weight. The next record begins at `end`. */
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
      this.#stack = new Uint32Array(record.length + Math.min(record.length, SPARE_FRAMES) + OWN_FRAMES);
    const header = headerLength(record);
    if (!source.framed && (record.seen & LineKind.TEXT) !== 0) this.#noteUnknown(record, header);
    let length = arrange(record, header, this.table, this.#stack);
    if (isCut(record, source.maxBacktrace)) {
      this.#summary.cut++;
      length = this.#markCut(length);
    }
    if (length === 0) this.#stack[length++] = this.table.wordOf(UNKNOWN);
    if ((this.#stack[0]! & LineKind.TEXT) !== 0) this.#stack[0] = this.table.leafOf(this.#stack[0]!);
    if (source.host !== undefined) this.#stack[length++] = this.table.wordOf(source.host);
    this.#frames += length;
    this.#builder.add(this.#stack, 0, length, weight, weight, LineKind.ID_MASK);
  }

  /**
   * Counts the record's unrecognised lines, and checks whether its heading contains a line that no earlier heading had.
   */
  #noteUnknown({ lines, length, start }: OpenRecord, header: number): void {
    for (let i = 0; i < length; i++) if ((lines[i]! & LineKind.TEXT) !== 0) this.#summary.unknownLines++;
    if (header === 0) return;
    const heading = lines.subarray(0, header);
    const fresh = heading.find((line) => (line & LineKind.ID_MASK) >= this.#seenLines);
    this.#seenLines = this.table.size;
    this.#summary.addHead(
      fresh === undefined ? undefined : { offset: start, text: this.table.textOf(fresh) },
    );
  }

  /** Inserts `[cut]` at the root end of the frames, before the thread and the heading. */
  #markCut(length: number): number {
    let frames = length;
    while (frames > 0 && (this.#stack[frames - 1]! & LineKind.TEXT) !== 0) frames--;
    this.#stack.copyWithin(frames + 1, frames, length);
    this.#stack[frames] = this.table.wordOf(CUT);
    return length + 1;
  }

  /** Adds a stack whose only frame has this label. */
  #addOwn(label: string, source: Source, weight: number): void {
    let length = 0;
    this.#stack[length++] = this.table.wordOf(label);
    if (source.host !== undefined) this.#stack[length++] = this.table.wordOf(source.host);
    this.#builder.add(this.#stack, 0, length, weight, weight, LineKind.ID_MASK);
  }

  /**
   * Makes room for one more line and the frames that the parser adds. If the table is full, makes a batch of the stacks
   * read so far, starts a new table, moves the lines of open records to it, and returns `true`.
   *
   * In two cases, the table grows instead. If the lines of open records fill most of the table, as in a record that is
   * a million lines deep, two tables would take twice the memory. If the table is full after only a few frames, as in a
   * trace of many programs, a new table would soon be full again; this growth is limited.
   */
  makeRoom(sources: Iterable<Source>): boolean {
    if (!this.table.full) return false;
    const meetsManyNames = this.table.growable && this.#frames < this.table.size * FEW_FRAMES;
    const isNew = !meetsManyNames && countLines(sources, this.table.size) * 2 < this.table.size;
    if (isNew) this.#renew(sources);
    else this.table.enlarge();
    return isNew;
  }

  /** Starts a new table, which is at least twice as large as the number of lines in open records. */
  #renew(sources: Iterable<Source>): void {
    this.#flush();
    this.#frames = 0;
    const old = this.table;
    this.#seenLines = 0;
    this.table = this.#newTable();
    // find moved lines by number, not by text, because a record may be millions of lines deep
    const newIds = new Int32Array(old.size).fill(-1);
    for (const { record } of sources) {
      const { lines, length } = record;
      for (let i = 0; i < length; i++) {
        const id = lines[i]! & LineKind.ID_MASK;
        if (newIds[id]! < 0) newIds[id] = this.table.adopt(old, id);
        lines[i] = (lines[i]! & ~LineKind.ID_MASK) | newIds[id]!;
      }
    }
    this.table.enlarge();
  }

  #newTable(): TraceTable {
    const { frames, maxTableFrames, label, addresses } = this.#options;
    return frames === 'labels'
      ? new LabelFrames(maxTableFrames, label)
      : new LineFrames(maxTableFrames, label, addresses);
  }

  #flush(): void {
    if (this.#builder.stackCount > 0) this.#takeBatch(this.#currentFacts());
  }

  #takeBatch(facts: Facts): void {
    this.#readyFrames += this.#builder.frameCount;
    this.#ready.push(this.#builder.take(this.table, facts));
    this.#told = facts;
  }

  #currentFacts(): Facts {
    return this.#facts.with(this.#summary.snapshot());
  }

  /** Ends an input. Adds a batch if stacks are left or the facts have changed since the last batch. */
  endInput(): void {
    const facts = this.#currentFacts();
    if (this.#builder.stackCount > 0 || JSON.stringify(facts) !== JSON.stringify(this.#told))
      this.#takeBatch(facts);
  }

  /** Whether there are enough stacks for a batch. */
  get full(): boolean {
    return this.#readyFrames + this.#builder.frameCount >= BATCH_FRAMES;
  }

  /** Returns the batches that have not been taken yet, in order. */
  take(): StackBatch[] {
    this.#flush();
    this.#readyFrames = 0;
    return this.#ready.splice(0);
  }
}

/** Counts the distinct lines in open records. */
function countLines(sources: Iterable<Source>, size: number): number {
  const isCounted = new Uint8Array(size);
  let count = 0;
  for (const { record } of sources) {
    const { lines, length } = record;
    for (let i = 0; i < length; i++) {
      const id = lines[i]! & LineKind.ID_MASK;
      count += 1 - isCounted[id]!;
      isCounted[id] = 1;
    }
  }
  return count;
}

/**
 * Writes the record's stack, leaf first, and returns its length:
 *
 *     header lines │ frames, leaf first │            printed
 *                  │ frames, leaf first │ header, last line first
 *
 * If a record has no frames, its lines are used as frames. Frames that say nothing about the program are left out. If
 * the frame at which the unwinder starts is printed twice, its second copy is left out.
 */
function arrange(record: OpenRecord, header: number, table: TraceTable, stack: Uint32Array): number {
  const { lines, length } = record;
  const twin = (record.seen & Token.SAME_ADDRESS) === 0 ? -1 : twinOf(record, header, table);
  let to = 0;
  for (let i = header; i < length; i++) {
    const line = lines[i]!;
    if (i !== twin && (line & LineKind.NOISE) === 0) stack[to++] = line;
  }
  for (let i = header - 1; i >= 0; i--) stack[to++] = lines[i]!;
  return to;
}

/** Returns the number of lines before the first frame. These lines are the record's heading. */
function headerLength({ lines, seen }: OpenRecord): number {
  let header = 0;
  if ((seen & FRAMES) !== 0) while ((lines[header]! & LineKind.TEXT) !== 0) header++;
  return header;
}

/**
 * Returns the position of a frame's second copy, or −1 if no frame was printed twice. If the kernel has no unwind data,
 * the frame at which the unwinder starts is printed twice. Only frames in modules, such as the probe's module, come
 * before that frame. Recursive frames deeper in the stack are kept. An interrupted address is almost never also a
 * return address in the same function, so the frame that is left out is almost never a recursive call.
 */
function twinOf({ lines, length }: OpenRecord, header: number, table: TraceTable): number {
  for (let i = header + 1; i < length; i++) {
    if ((lines[i]! & Token.SAME_ADDRESS) !== 0 && table.sameSymbol(lines[i - 1]!, lines[i]!)) return i;
    if (table.isNamed(lines[i - 1]!)) return -1;
  }
  return -1;
}

/** Whether the record's number of kernel frames or of user frames has reached the sampler's limit. */
function isCut({ lines, length }: OpenRecord, maxBacktrace: number): boolean {
  if (length < maxBacktrace) return false;
  let user = 0;
  let text = 0;
  for (let i = 0; i < length; i++) {
    if ((lines[i]! & LineKind.USER) !== 0) user++;
    else if ((lines[i]! & LineKind.TEXT) !== 0) text++;
  }
  return user >= maxBacktrace || length - user - text >= maxBacktrace;
}
