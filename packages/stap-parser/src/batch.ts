import type { Frame, FrameTable } from './frame-table.ts';
import { LineKind } from './line-kind.ts';

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
 * The arrays are the reader's to keep, unless it calls `release`. `table` is shared by the batches that follow and only grows.
 */
export class StackBatch implements Iterable<Sample> {
  readonly table: FrameTable;
  readonly frames: Uint32Array;
  readonly bounds: Uint32Array;
  readonly weights: readonly Float64Array[];
  readonly #release: (() => void) | undefined;

  constructor(
    table: FrameTable,
    frames: Uint32Array,
    bounds: Uint32Array,
    weights: readonly Float64Array[],
    release?: () => void,
  ) {
    this.#release = release;
    this.table = table;
    this.frames = frames;
    this.bounds = bounds;
    this.weights = weights;
  }

  /**
   * Gives the arrays back to the parser, which fills them again: the batch is void after it. Who does not
   * call it keeps them.
   */
  release(): void {
    this.#release?.();
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

/** The arrays of one batch; as large as the largest batch that was in them. */
interface Columns {
  frames: Uint32Array;
  bounds: Uint32Array;
  weights: Float64Array;
}

/** Sets of arrays that are kept for use again. */
const SPARE = 4;

/**
 * Collects stacks until they are taken as a batch. The arrays that come back by `release` are used again:
 * new ones for each of the thousand batches of a gigabyte are garbage that only a full collection frees.
 */
export class BatchBuilder {
  readonly #spare: Columns[] = [];
  #columns = newColumns();
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
    const columns = this.#columns;
    let at = this.#frameCount;
    if (at + to - from > columns.frames.length)
      columns.frames = grown(columns.frames, at + to - from, Uint32Array);
    const { frames } = columns;
    for (let i = from; i < to; i++) frames[at++] = tokens[i]! & LineKind.ID_MASK;
    const stack = this.#stackCount++;
    if (stack + 2 > columns.bounds.length) {
      columns.bounds = grown(columns.bounds, stack + 2, Uint32Array);
      columns.weights = grown(columns.weights, stack + 2, Float64Array);
    }
    columns.weights[stack] = weight;
    columns.bounds[stack + 1] = at;
    this.#frameCount = at;
  }

  /** The stacks so far as a batch; the builder is empty after it. */
  take(table: FrameTable): StackBatch {
    const columns = this.#columns;
    const frames = columns.frames.subarray(0, this.#frameCount);
    const bounds = columns.bounds.subarray(0, this.#stackCount + 1);
    const weights = columns.weights.subarray(0, this.#stackCount);
    this.#columns = this.#spare.pop() ?? newColumns();
    this.#frameCount = 0;
    this.#stackCount = 0;
    let taken = true;
    return new StackBatch(table, frames, bounds, [weights], () => {
      if (taken && this.#spare.length < SPARE) this.#spare.push(columns);
      taken = false;
    });
  }
}

function newColumns(): Columns {
  return {
    frames: new Uint32Array(1 << 15),
    bounds: new Uint32Array(1 << 11),
    weights: new Float64Array(1 << 11),
  };
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
