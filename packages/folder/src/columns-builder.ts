import type { StackColumns } from './batch.ts';

/** The arrays of one batch; as large as the largest batch that was in them. */
interface Columns {
  frames: Uint32Array;
  bounds: Uint32Array;
  first: Float64Array;
  second: Float64Array;
}

/** Sets of arrays that are kept for use again. */
const SPARE = 4;

/**
 * Collects stacks until they are taken as a batch. Arrays that come back by `release` are filled again:
 * new ones for each of the many thousand batches of a gigabyte are garbage that only a full collection frees.
 */
export class ColumnsBuilder {
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

  /** Adds the next frame of a stack, root first. */
  addFrame(id: number): void {
    const columns = this.#columns;
    if (this.#frameCount === columns.frames.length) columns.frames = grown(columns.frames, Uint32Array);
    columns.frames[this.#frameCount++] = id;
  }

  /** The frames added since the last call are a stack; they are turned around. */
  endRootFirst(first: number, second: number): void {
    const columns = this.#columns;
    const stack = this.#stackCount++;
    const { frames } = columns;
    for (let low = columns.bounds[stack]!, high = this.#frameCount - 1; low < high; low++, high--) {
      const id = frames[low]!;
      frames[low] = frames[high]!;
      frames[high] = id;
    }
    if (stack + 2 > columns.bounds.length) {
      columns.bounds = grown(columns.bounds, Uint32Array);
      columns.first = grown(columns.first, Float64Array);
      columns.second = grown(columns.second, Float64Array);
    }
    columns.first[stack] = first;
    columns.second[stack] = second;
    columns.bounds[stack + 1] = this.#frameCount;
  }

  /** The stacks so far as a batch with so many columns of weights; the builder is empty after it. */
  take(table: StackColumns['table'], weightColumns: number): StackColumns {
    const columns = this.#columns;
    const stacks = this.#stackCount;
    const weights = [columns.first.subarray(0, stacks), columns.second.subarray(0, stacks)];
    const batch = {
      table,
      frames: columns.frames.subarray(0, this.#frameCount),
      bounds: columns.bounds.subarray(0, stacks + 1),
      weights: weights.slice(0, weightColumns),
      release: (): void => {
        if (taken && this.#spare.length < SPARE) this.#spare.push(columns);
        taken = false;
      },
    };
    let taken = true;
    this.#columns = this.#spare.pop() ?? newColumns();
    this.#frameCount = 0;
    this.#stackCount = 0;
    return batch;
  }
}

function newColumns(): Columns {
  return {
    frames: new Uint32Array(1 << 13),
    bounds: new Uint32Array(1 << 10),
    first: new Float64Array(1 << 10),
    second: new Float64Array(1 << 10),
  };
}

function grown<T extends Uint32Array | Float64Array>(array: T, type: new (length: number) => T): T {
  const larger = new type(array.length * 2);
  larger.set(array);
  return larger;
}
