import type { StackBatch } from '../batch.ts';
import { isIncomplete, type Facts } from '../facts.ts';
import type { FrameTable } from '../frames.ts';
import { weightText } from '../weight.ts';
import { factsText, lossesText } from './facts-text.ts';

export interface FoldedWriterOptions {
  /** Leave out the lines that say what is known of the stacks. @defaultValue false */
  readonly plain?: boolean;
}

const CHUNK = 1 << 16;
/** Between the names of a stack. */
const SEMICOLON = 0x3b;
const SPACE = 0x20;
const LINE_FEED = 10;
/** Shorter pieces are copied in a loop, four bytes at a time: a call costs about 28 ns, a step 1 ns. */
const SHORT = 96;
/** Bytes of a word; a copy may write up to so many behind its end, which the next one writes over. */
const WORD = 4;
/** Whole weights below this are written digit by digit. */
const MAX_INT = 0x7fffffff;

/**
 * Writes stacks as folded text, `root;…;leaf COUNT` or with two counts. What a line shares with the one before is
 * copied from there, and only the names that follow are written anew. Names and lines stand in one buffer,
 *
 *     ;name;name;name… │ line before │ lines not yet taken …
 *
 * so that a name is written by one `copyWithin`, which took a third of the time of any other way.
 */
export class FoldedWriter {
  readonly #plain: boolean;
  #table: FrameTable | undefined;
  /** Where, in the buffer, each name begins with its separator; the end of the last one behind them. */
  #nameStarts = new Uint32Array(1);
  #names = 0;
  /** Where lines begin. */
  #linesStart = 0;
  #buffer: Uint8Array = new Uint8Array(CHUNK * 2);
  #view = new DataView(this.#buffer.buffer);
  #used = 0;
  #taken = 0;
  /** The stack before, root first. */
  #previous = new Uint32Array(64);
  /** Where, in the line, each of its names ends. */
  #ends = new Uint32Array(64);
  #previousDepth = 0;
  #previousStart = 0;
  #written: Facts | undefined;
  #facts: Facts = {};

  constructor({ plain = false }: FoldedWriterOptions = {}) {
    this.#plain = plain;
  }

  /** The batch as text, in pieces; each is void once the next is asked for. The batch is released. */
  *write(batch: StackBatch): Generator<Uint8Array> {
    this.#facts = batch.facts;
    if (this.#written === undefined) {
      this.#written = batch.facts;
      if (!this.#plain) this.#text(factsText(batch.facts));
    }
    if (batch.table !== this.#table || batch.table.size > this.#names) this.#setTable(batch.table);
    const { frames, bounds, weights } = batch;
    for (let i = 0; i < batch.length; i++) {
      this.#line(frames, bounds[i]!, bounds[i + 1]!);
      for (const column of weights) this.#weight(column[i]!);
      this.#buffer[this.#used++] = LINE_FEED;
      if (this.#used - this.#taken >= CHUNK) yield this.#take();
    }
    if (this.#used > this.#taken) yield this.#take();
    batch.release();
  }

  /** What is to be said at the end: losses that became known after the first stacks. */
  *finish(): Generator<Uint8Array> {
    const isNew = isIncomplete(this.#facts) && this.#facts.losses !== this.#written?.losses;
    if (this.#plain || !isNew) return;
    yield new TextEncoder().encode(lossesText(this.#facts.losses!));
  }

  /** Puts the names of the table in front of the line before. */
  #setTable(table: FrameTable): void {
    const encoder = new TextEncoder();
    const isSame = table === this.#table;
    const known = isSame ? this.#names : 0;
    const added = Array.from({ length: table.size - known }, (_, i) =>
      encoder.encode(table.label(known + i)),
    );
    const starts = new Uint32Array(table.size + 1);
    starts.set(this.#nameStarts.subarray(0, known + 1));
    for (const [i, name] of added.entries()) starts[known + i + 1] = starts[known + i]! + name.length + 1;
    const linesStart = starts[table.size]!;
    const previous = this.#buffer.subarray(this.#previousStart, this.#used);
    const buffer = new Uint8Array(linesStart + previous.length + CHUNK * 2);
    buffer.set(this.#buffer.subarray(0, starts[known]!));
    for (const [i, name] of added.entries()) {
      buffer[starts[known + i]!] = SEMICOLON;
      buffer.set(name, starts[known + i]! + 1);
    }
    buffer.set(previous, linesStart);
    this.#taken = linesStart + (this.#taken - this.#previousStart);
    this.#previousStart = linesStart;
    this.#used = linesStart + previous.length;
    this.#linesStart = linesStart;
    this.#buffer = buffer;
    this.#view = new DataView(buffer.buffer);
    this.#nameStarts = starts;
    this.#names = table.size;
    if (!isSame) this.#previousDepth = 0;
    this.#table = table;
  }

  #line(frames: Uint32Array, from: number, to: number): void {
    if (this.#taken === this.#used && this.#previousStart > this.#linesStart) this.#wrap();
    const depth = to - from;
    this.#reserveDepth(depth);
    const most = Math.min(depth, this.#previousDepth);
    const previous = this.#previous;
    let shared = 0;
    while (shared < most && previous[shared] === frames[to - 1 - shared]) shared++;
    const start = this.#used;
    const previousStart = this.#previousStart;
    if (shared > 0) this.#copy(previousStart, previousStart + this.#ends[shared - 1]!);
    for (let i = shared; i < depth; i++) {
      const frame = frames[to - 1 - i]!;
      previous[i] = frame;
      this.#copy(this.#nameStarts[frame]! + (i === 0 ? 1 : 0), this.#nameStarts[frame + 1]!);
      this.#ends[i] = this.#used - start;
    }
    this.#previousDepth = depth;
    this.#previousStart = start;
  }

  #copy(from: number, to: number): void {
    const length = to - from;
    this.#reserve(length);
    const used = this.#used;
    if (length > SHORT) this.#buffer.copyWithin(used, from, to);
    else {
      const view = this.#view;
      for (let i = 0; i < length; i += WORD) view.setInt32(used + i, view.getInt32(from + i));
    }
    this.#used = used + length;
  }

  #weight(weight: number): void {
    this.#reserve(WORD * 4);
    this.#buffer[this.#used++] = SPACE;
    if (Number.isInteger(weight) && weight <= MAX_INT) this.#digits(weight);
    else this.#text(weightText(weight));
  }

  #digits(weight: number): void {
    let last = this.#used;
    for (let rest = weight; rest > 9; rest = (rest / 10) | 0) last++;
    this.#used = last + 1;
    for (let rest = weight; last >= 0; last--, rest = (rest / 10) | 0) {
      this.#buffer[last] = 48 + (rest % 10);
      if (rest < 10) return;
    }
  }

  #text(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  #take(): Uint8Array {
    const chunk = this.#buffer.subarray(this.#taken, this.#used);
    this.#taken = this.#used;
    return chunk;
  }

  /** All lines are taken: the last one moves to the start, to copy from. */
  #wrap(): void {
    this.#buffer.copyWithin(this.#linesStart, this.#previousStart, this.#used);
    this.#used -= this.#previousStart - this.#linesStart;
    this.#taken = this.#used;
    this.#previousStart = this.#linesStart;
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes + WORD < this.#buffer.length) return;
    const larger = new Uint8Array((this.#used + bytes + WORD) * 2 - this.#linesStart);
    larger.set(this.#buffer.subarray(0, this.#used));
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }

  #reserveDepth(depth: number): void {
    if (depth <= this.#previous.length) return;
    const previous = new Uint32Array(depth * 2);
    const ends = new Uint32Array(depth * 2);
    previous.set(this.#previous);
    ends.set(this.#ends);
    this.#previous = previous;
    this.#ends = ends;
  }
}
