import { StackBatch } from './batch.ts';
import type { Facts } from './facts.ts';
import type { FrameTable } from './frames.ts';

/** The arrays for one batch. They are as large as the largest batch stored in them so far. */
interface Columns {
  frames: Uint32Array;
  bounds: Uint32Array;
  first: Float64Array;
  second: Float64Array;
}

/** Number of released sets of arrays to keep for reuse. */
const SPARE = 4;
const FIRST_FRAMES = 1 << 14;
const FIRST_STACKS = 1 << 11;

/**
 * Collects stacks until they are taken as a batch. Arrays are reused after a batch is released: a gigabyte of input
 * becomes a thousand batches, and only a full garbage collection would free their arrays.
 */
export class StackBuilder {
  readonly #spare: Columns[] = [];
  #columns = newColumns();
  #frameCount = 0;
  #stackCount = 0;
  #weightColumns: 1 | 2 = 1;

  get stackCount(): number {
    return this.#stackCount;
  }

  get frameCount(): number {
    return this.#frameCount;
  }

  /** Number of weights per stack. Set it only while the builder is empty. */
  set weightColumns(columns: 1 | 2) {
    this.#weightColumns = columns;
  }

  /**
   * Adds the stack `ids[from … to − 1]`, leaf first.
   *
   * @param mask the bits of an id that contain its frame number
   */
  add(
    ids: Uint32Array,
    from: number,
    to: number,
    weight: number,
    second: number = weight,
    mask: number = ~0,
  ): void {
    let at = this.#reserve(to - from);
    const { frames } = this.#columns;
    for (let i = from; i < to; i++) frames[at++] = ids[i]! & mask;
    this.#end(at, weight, second);
  }

  /** Adds the stack `ids[from … to − 1]`, root first. */
  addRootFirst(ids: Uint32Array, from: number, to: number, weight: number, second: number = weight): void {
    let at = this.#reserve(to - from);
    const { frames } = this.#columns;
    for (let i = to - 1; i >= from; i--) frames[at++] = ids[i]!;
    this.#end(at, weight, second);
  }

  /** Adds stacks that are given as columns. Stack i ends before `frames[ends[i]]`. */
  addAll(frames: Uint32Array, ends: Uint32Array, first: Float64Array, second: Float64Array): void {
    const stacks = ends.length;
    const from = this.#reserve(frames.length, stacks);
    const columns = this.#columns;
    columns.frames.set(frames, from);
    columns.first.set(first, this.#stackCount);
    columns.second.set(second, this.#stackCount);
    for (let i = 0; i < stacks; i++) columns.bounds[this.#stackCount + i + 1] = from + ends[i]!;
    this.#stackCount += stacks;
    this.#frameCount = from + frames.length;
  }

  /** Makes room for this many more frames and stacks. Returns the position where the frames must be written. */
  #reserve(frames: number, stacks: number = 1): number {
    const columns = this.#columns;
    const least = this.#frameCount + frames;
    if (least > columns.frames.length) columns.frames = grown(columns.frames, least, Uint32Array);
    if (this.#stackCount + stacks >= columns.bounds.length) {
      const most = Math.max(columns.bounds.length * 2, this.#stackCount + stacks + 1);
      columns.bounds = grown(columns.bounds, most, Uint32Array);
      columns.first = grown(columns.first, most, Float64Array);
      columns.second = grown(columns.second, most, Float64Array);
    }
    return this.#frameCount;
  }

  #end(at: number, first: number, second: number): void {
    const columns = this.#columns;
    const stack = this.#stackCount++;
    columns.first[stack] = first;
    columns.second[stack] = second;
    columns.bounds[stack + 1] = at;
    this.#frameCount = at;
  }

  /** Returns the stacks added so far as a batch, and empties the builder. */
  take(table: FrameTable, facts: Facts = {}): StackBatch {
    const columns = this.#columns;
    const stacks = this.#stackCount;
    const weights = [columns.first.subarray(0, stacks), columns.second.subarray(0, stacks)];
    let taken = true;
    this.#columns = this.#spare.pop() ?? newColumns();
    const frames = columns.frames.subarray(0, this.#frameCount);
    this.#frameCount = 0;
    this.#stackCount = 0;
    return new StackBatch({
      table,
      frames,
      bounds: columns.bounds.subarray(0, stacks + 1),
      weights: weights.slice(0, this.#weightColumns),
      facts,
      release: () => {
        if (taken && this.#spare.length < SPARE) this.#spare.push(columns);
        taken = false;
      },
    });
  }
}

function newColumns(): Columns {
  return {
    frames: new Uint32Array(FIRST_FRAMES),
    bounds: new Uint32Array(FIRST_STACKS),
    first: new Float64Array(FIRST_STACKS),
    second: new Float64Array(FIRST_STACKS),
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
