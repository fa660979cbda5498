import type { StackBatch } from '@stapflame/stacks';

/** Frames that are looked up at once, at most. */
const MOST_QUESTIONS = 1 << 16;
/** Bytes of stacks that wait, at most. */
const MOST_BYTES = 1 << 24;

/** Stacks that wait until the names of their frames have been looked up. */
export class WaitingStacks {
  #batches: StackBatch[] = [];
  #bytes = 0;

  /** Batches that wait. */
  get size(): number {
    return this.#batches.length;
  }

  add(batch: StackBatch): void {
    this.#batches.push(batch);
    const { frames, bounds, weights } = batch;
    // a column may be a part of a larger array, all of which stays in memory
    for (const column of [frames, bounds, ...weights]) this.#bytes += column.buffer.byteLength;
  }

  /** Whether it is time to look up so many frames. */
  isFull(questions: number): boolean {
    return questions >= MOST_QUESTIONS || this.#bytes >= MOST_BYTES;
  }

  /** The stacks in the order in which they came; none wait after it. */
  take(): readonly StackBatch[] {
    const batches = this.#batches;
    this.#batches = [];
    this.#bytes = 0;
    return batches;
  }
}
