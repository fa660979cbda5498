import type { StackBatch } from '@stapflame/stacks';

/** The most frames that are looked up at once. */
const MOST_QUESTIONS = 1 << 16;
/** The most bytes of stacks that wait. */
const MOST_BYTES = 1 << 24;

/** Stacks that wait until the names of their frames have been looked up. */
export class WaitingStacks {
  #batches: StackBatch[] = [];
  #bytes = 0;

  /** Number of waiting batches. */
  get size(): number {
    return this.#batches.length;
  }

  add(batch: StackBatch): void {
    this.#batches.push(batch);
    const { frames, bounds, weights } = batch;
    // a column may be part of a larger array, which would stay in memory as a whole
    for (const column of [frames, bounds, ...weights]) this.#bytes += column.buffer.byteLength;
  }

  /** Whether there are enough frames or stacks to look up this many frames. */
  isFull(questions: number): boolean {
    return questions >= MOST_QUESTIONS || this.#bytes >= MOST_BYTES;
  }

  /** Returns all waiting stacks in the order in which they came. */
  take(): readonly StackBatch[] {
    const batches = this.#batches;
    this.#batches = [];
    this.#bytes = 0;
    return batches;
  }
}
