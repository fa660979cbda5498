import type { StackBatch } from '@stapflame/stacks';

/** The most frames that are looked up together. */
const MOST_QUESTIONS = 1 << 16;
/** The most bytes of waiting stacks. */
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
    // a column may be part of a larger array, all of which would stay in memory
    for (const column of [frames, bounds, ...weights]) this.#bytes += column.buffer.byteLength;
  }

  /** Whether enough frames (this number) or stacks are waiting to start a lookup. */
  isFull(questions: number): boolean {
    return questions >= MOST_QUESTIONS || this.#bytes >= MOST_BYTES;
  }

  /** Returns all waiting stacks in the order of their arrival. */
  take(): readonly StackBatch[] {
    const batches = this.#batches;
    this.#batches = [];
    this.#bytes = 0;
    return batches;
  }
}
