import type { StackBatch } from '../batch.ts';
import type { FrameTable } from '../frames.ts';
import { BatchQueue } from './batch-queue.ts';
import { InputFacts } from './input-facts.ts';
import { ReadTally, type Damage } from './summary.ts';

/** Room for frames of the parser's own, beside the lines of a record. */
const SPARE_FRAMES = 8;

/** The records that a parser reads: the lines of the open one, by number, and the stacks that were made of the others. */
export class Records {
  readonly tally: ReadTally = new ReadTally();
  readonly facts: InputFacts = new InputFacts();
  readonly #queue = new BatchQueue();
  readonly #maxLines: number;
  #words = new Uint32Array(256);
  #length = 0;

  /** @param maxLines most lines of one record */
  constructor(maxLines: number) {
    this.#maxLines = maxLines;
  }

  /** How many lines the open record has. */
  get length(): number {
    return this.#length;
  }

  /** The lines of the open record. */
  get words(): Uint32Array {
    return this.#words.subarray(0, this.#length);
  }

  /** Adds the lines `words[from … to − 1]` to the open record; `false` where it has no room for all of them. */
  add(words: Uint32Array, from: number, to: number): boolean {
    const room = Math.min(to - from, this.#maxLines - this.#length);
    this.#reserve(room + SPARE_FRAMES);
    for (let i = from; i < from + room; i++) this.#words[this.#length++] = words[i]!;
    return room === to - from;
  }

  /** Adds one frame; those of the parser's own have room beside the lines. */
  push(frame: number): void {
    this.#reserve(1);
    this.#words[this.#length++] = frame;
  }

  /** Puts other frames in the place of the lines so far. */
  replace(frames: readonly number[]): void {
    this.#length = 0;
    this.#reserve(frames.length + SPARE_FRAMES);
    for (const frame of frames) this.#words[this.#length++] = frame;
  }

  clear(): void {
    this.#length = 0;
  }

  #reserve(words: number): void {
    if (this.#length + words <= this.#words.length) return;
    const larger = new Uint32Array((this.#length + words) * 2);
    larger.set(this.#words);
    this.#words = larger;
  }

  /** The frames of the open record, leaf first, become a stack; the next record begins. */
  end(weight: number, damage?: Damage): void {
    this.tally.add(weight, damage);
    this.#queue.add(this.#words, 0, this.#length, weight);
    this.#length = 0;
  }

  /** So many stacks wait that they should be taken. */
  get full(): boolean {
    return this.#queue.full;
  }

  /** The stacks so far are of this table, those that follow of another. */
  flush(table: FrameTable): void {
    this.#queue.flush(table, () => this.facts.with(this.tally));
  }

  /** The batches so far, in order. */
  take(table: FrameTable): StackBatch[] {
    return this.#queue.take(table, () => this.facts.with(this.tally));
  }

  /** An input has ended. Throws `MIXED_UNITS` where it counts something else than those before it. */
  endInput(table: FrameTable): void {
    this.facts.endInput(this.tally);
    this.#queue.endInput(table, this.facts.with(this.tally));
  }
}
