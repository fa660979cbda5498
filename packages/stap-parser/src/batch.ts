import type { Frame, FrameTable } from './frame-table.ts';
import { Token } from './tokenizer/tokenizer.ts';

/** One stack with its weight: what a batch gives when it is iterated. */
export interface Sample {
  /** Leaf first, as printed. */
  readonly frames: readonly Frame[];
  readonly count: number;
}

/**
 * Stacks of a piece of the trace, in columns:
 *
 *     frames   [ 4 7 1 | 9 7 1 | 2 ]      ids in `table`, leaf first
 *     bounds   [ 0       3       6   7 ]  stack i is frames[bounds[i]] … frames[bounds[i + 1] − 1]
 *     weights  [ 12      1       5 ]      one column; two where the input is differential
 *
 * The arrays are the reader's to keep. `table` is shared by the batches that follow and only grows.
 */
export class StackBatch implements Iterable<Sample> {
  readonly table: FrameTable;
  readonly frames: Uint32Array;
  readonly bounds: Uint32Array;
  readonly weights: readonly Float64Array[];

  constructor(table: FrameTable, frames: Uint32Array, bounds: Uint32Array, weights: readonly Float64Array[]) {
    this.table = table;
    this.frames = frames;
    this.bounds = bounds;
    this.weights = weights;
  }

  /** Number of stacks. */
  get length(): number {
    return this.bounds.length - 1;
  }

  /** The stacks as plain samples, in input order. */
  *[Symbol.iterator](): IterableIterator<Sample> {
    for (let i = 0; i < this.length; i++) {
      const ids = this.frames.subarray(this.bounds[i], this.bounds[i + 1]);
      yield { frames: Array.from(ids, (id) => this.table.frame(id)), count: this.weights[0]![i]! };
    }
  }
}

/** Collects stacks until they are taken as a batch. */
export class BatchBuilder {
  #frames = new Uint32Array(1 << 13);
  #bounds = new Uint32Array(1 << 10);
  #weights = new Float64Array(1 << 10);
  #frameCount = 0;
  #stackCount = 0;

  get stackCount(): number {
    return this.#stackCount;
  }

  get frameCount(): number {
    return this.#frameCount;
  }

  /** Adds the stack whose frames are the ids in `tokens[from … to − 1]`, leaf first. */
  add(tokens: Uint32Array, from: number, to: number, weight: number): void {
    let at = this.#frameCount;
    if (at + to - from > this.#frames.length) this.#frames = grown(this.#frames, at + to - from, Uint32Array);
    const frames = this.#frames;
    for (let i = from; i < to; i++) frames[at++] = tokens[i]! & Token.ID_MASK;
    const stack = this.#stackCount++;
    if (stack + 2 > this.#bounds.length) {
      this.#bounds = grown(this.#bounds, stack + 2, Uint32Array);
      this.#weights = grown(this.#weights, stack + 2, Float64Array);
    }
    this.#weights[stack] = weight;
    this.#bounds[stack + 1] = at;
    this.#frameCount = at;
  }

  /** The stacks so far as a batch; the builder is empty after it. */
  take(table: FrameTable): StackBatch {
    const batch = new StackBatch(
      table,
      this.#frames.slice(0, this.#frameCount),
      this.#bounds.slice(0, this.#stackCount + 1),
      [this.#weights.slice(0, this.#stackCount)],
    );
    this.#frameCount = 0;
    this.#stackCount = 0;
    return batch;
  }
}

function grown<T extends Uint32Array | Float64Array>(
  array: T,
  least: number,
  type: new (length: number) => T,
): T {
  const larger = new type(Math.max(least, array.length * 2));
  larger.set(array);
  return larger;
}
