import type { StackBatch } from '../batch.ts';
import { isIncomplete, type Facts } from '../facts.ts';
import type { FrameTable } from '../frames.ts';
import { weightText } from '../weight.ts';
import { factsText, lossesText } from './facts-text.ts';

export interface FoldedWriterOptions {
  /** Leave out the comment lines that contain facts. @defaultValue false */
  readonly plain?: boolean;
}

const CHUNK = 1 << 16;
/** Separates the names in a stack. */
const SEMICOLON = 0x3b;
const SPACE = 0x20;
const LINE_FEED = 10;
/**
 * Text up to this length is copied in a loop, four bytes at a time, because calling `copyWithin` takes about 28 ns, and
 * each step of the loop only 1 ns.
 */
const SHORT = 96;
/** Size of a word in bytes. A copy may write up to one word too many, which the next copy overwrites. */
const WORD = 4;
/** Size of the space for names, in bytes. Pages become resident only as they are used. */
const NAMES = 1 << 22;
/** Number of entries for names. The low bits of a frame's number select the entry for its name. */
const PLACES = 1 << 17;
/** A stack with more frames than this is written in chunks, because a million frames make 17 MB of text. */
const PIECE_FRAMES = 1 << 12;
/** Whole weights up to this one are written digit by digit. */
const MAX_INT = 0x7fffffff;

/**
 * Writes stacks as folded text, `root;…;leaf COUNT`, or with two counts. The frames that a stack shares with the
 * previous stack are copied from the previous line. Names and lines share one buffer:
 *
 *     ;name;name;name… │ previous line │ lines not yet taken …
 *
 * This way, a name is written by a single `copyWithin`, which is three times as fast as any other method. Only recently
 * written names are kept, because a table may have more names than fit into memory.
 */
export class FoldedWriter {
  readonly #plain: boolean;
  #table: FrameTable | undefined;
  /** For each entry: the frame's number plus 1, and the start (with the separator) and end of its name. */
  readonly #placed = new Uint32Array(PLACES);
  readonly #nameStarts = new Uint32Array(PLACES);
  readonly #nameEnds = new Uint32Array(PLACES);
  #namesEnd = 0;
  readonly #encoder = new TextEncoder();
  #buffer: Uint8Array = new Uint8Array(NAMES + CHUNK * 2);
  #view = new DataView(this.#buffer.buffer);
  #used = NAMES;
  #taken = NAMES;
  /** The previous stack, root first. */
  #previous = new Uint32Array(64);
  /** Where each of the previous stack's names ends in its line. */
  #ends = new Uint32Array(64);
  #previousDepth = 0;
  #previousStart = NAMES;
  #written: Facts | undefined;
  #facts: Facts = {};

  constructor({ plain = false }: FoldedWriterOptions = {}) {
    this.#plain = plain;
  }

  /** Writes a batch, and releases it. Each returned chunk is valid until the next one is requested. */
  *write(batch: StackBatch): Generator<Uint8Array> {
    this.#facts = batch.facts;
    if (this.#written === undefined) {
      this.#written = batch.facts;
      if (!this.#plain) this.#text(factsText(batch.facts));
    }
    if (batch.table !== this.#table) this.#setTable(batch.table);
    const { frames, bounds, weights } = batch;
    for (let i = 0; i < batch.length; i++) {
      const from = bounds[i]!;
      const to = bounds[i + 1]!;
      if (to - from > PIECE_FRAMES) yield* this.#deepLine(frames, from, to);
      else this.#line(frames, from, to);
      for (const column of weights) this.#weight(column[i]!);
      this.#buffer[this.#used++] = LINE_FEED;
      if (this.#used - this.#taken >= CHUNK) yield this.#take();
    }
    if (this.#used > this.#taken) yield this.#take();
    batch.release();
  }

  /** Writes the losses if they became known only after the first batch. */
  *finish(): Generator<Uint8Array> {
    const isNew = isIncomplete(this.#facts) && this.#facts.losses !== this.#written?.losses;
    if (this.#plain || !isNew) return;
    yield this.#encoder.encode(lossesText(this.#facts.losses!));
  }

  #setTable(table: FrameTable): void {
    this.#table = table;
    this.#previousDepth = 0;
    this.#forgetNames();
  }

  #forgetNames(): void {
    this.#placed.fill(0);
    this.#namesEnd = 0;
  }

  /** Writes a deep stack in chunks, root first. The next line cannot copy from this stack's line. */
  *#deepLine(frames: Uint32Array, from: number, to: number): Generator<Uint8Array> {
    let pieceTo = to;
    for (; pieceTo - from > PIECE_FRAMES; pieceTo -= PIECE_FRAMES) {
      this.#line(frames, pieceTo - PIECE_FRAMES, pieceTo);
      this.#buffer[this.#used++] = SEMICOLON;
      yield this.#take();
      this.#previousDepth = 0;
    }
    this.#line(frames, from, pieceTo);
    this.#previousDepth = 0;
  }

  #line(frames: Uint32Array, from: number, to: number): void {
    if (this.#taken === this.#used && this.#previousStart > NAMES) this.#wrap();
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
      const place = frame & (PLACES - 1);
      if (this.#placed[place] === frame + 1 || this.#placeName(frame, place))
        this.#copy(this.#nameStarts[place]! + (i === 0 ? 1 : 0), this.#nameEnds[place]!);
      else this.#text(`${i === 0 ? '' : ';'}${this.#table!.label(frame)}`);
      this.#ends[i] = this.#used - start;
    }
    this.#previousDepth = depth;
    this.#previousStart = start;
  }

  /** Writes a frame's name into the space for names. Returns `false` if the name is too long for this space. */
  #placeName(frame: number, place: number): boolean {
    const label = this.#table!.label(frame);
    // a UTF-16 code unit takes up to three bytes in UTF-8
    const most = label.length * 3 + 1;
    if (most > NAMES >> 2) return false;
    if (this.#namesEnd + most > NAMES) this.#forgetNames();
    const start = this.#namesEnd;
    this.#buffer[start] = SEMICOLON;
    const { written } = this.#encoder.encodeInto(label, this.#buffer.subarray(start + 1, NAMES));
    this.#namesEnd = start + 1 + written;
    this.#placed[place] = frame + 1;
    this.#nameStarts[place] = start;
    this.#nameEnds[place] = this.#namesEnd;
    return true;
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
    const bytes = this.#encoder.encode(text);
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  #take(): Uint8Array {
    const chunk = this.#buffer.subarray(this.#taken, this.#used);
    this.#taken = this.#used;
    return chunk;
  }

  /** When all lines have been taken, moves the last line to the start, so that the next line can copy from it. */
  #wrap(): void {
    this.#buffer.copyWithin(NAMES, this.#previousStart, this.#used);
    this.#used -= this.#previousStart - NAMES;
    this.#taken = this.#used;
    this.#previousStart = NAMES;
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes + WORD < this.#buffer.length) return;
    const larger = new Uint8Array((this.#used + bytes + WORD) * 2 - NAMES);
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
