import type { StackBatch } from '@stapflame/stacks';

/** This many frames are enough to start a lookup. */
const MOST_QUESTIONS = 1 << 16;
/** This many bytes of waiting stacks are enough to start a lookup. */
const MOST_BYTES = 1 << 24;

/** Stacks waiting for their frames' names to be looked up. */
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
    // count the complete buffer, because it stays in memory even if the column is only part of it
    for (const column of [frames, bounds, ...weights]) this.#bytes += column.buffer.byteLength;
  }

  /**
   * Whether there are enough frames or enough waiting stacks to start a lookup.
   *
   * @param questions number of frames to look up
   */
  isFull(questions: number): boolean {
    return questions >= MOST_QUESTIONS || this.#bytes >= MOST_BYTES;
  }

  /** Returns all waiting stacks in the order they were added. */
  take(): readonly StackBatch[] {
    const batches = this.#batches;
    this.#batches = [];
    this.#bytes = 0;
    return batches;
  }
}
