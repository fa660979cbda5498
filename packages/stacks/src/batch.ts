import { StacksError } from './errors.ts';
import type { Facts } from './facts.ts';
import { FrameList, type Frame, type FrameTable } from './frames.ts';
import { isLeafLabel, labelOf, leafLabelOf } from './label.ts';
import { isWeight } from './weight.ts';

/** A stack with its weight. Iterating over a batch yields samples. */
export interface Sample {
  /** The stack's frames, leaf first. */
  readonly frames: readonly Frame[];
  readonly count: number;
}

/** The columns that make up a batch. */
export interface StackColumns {
  readonly table: FrameTable;
  readonly frames: Uint32Array;
  readonly bounds: Uint32Array;
  readonly weights: readonly Float64Array[];
  readonly facts?: Facts;
  /** Returns the arrays to the stage that created the batch. */
  readonly release?: () => void;
}

/**
 * Stacks in columns, dictionary-encoded. Stages pass stacks to each other in batches.
 *
 *     frames   [ 4 7 1 | 9 7 1 | 2 ]      numbers in `table`, leaf first
 *     bounds   [ 0       3       6   7 ]  stack i is frames[bounds[i]] … frames[bounds[i + 1] − 1]
 *     weights  [ 12      1       5 ]      one column, or two in a comparison: before and after
 *
 * A stack has at least one frame. Weights are finite and not negative. A leaf's label does not end in a blank and a
 * number. Successive batches may share a table, which only grows, until a batch brings a new table. Each stage checks
 * its input batches with {@link faultOf}.
 *
 * The arrays belong to the reader until it calls `release`. After that, the batch is empty, and the stage that created
 * it fills the arrays again. A reader that never calls `release` may keep the arrays.
 */
export class StackBatch implements Iterable<Sample> {
  readonly table: FrameTable;
  readonly frames: Uint32Array;
  readonly bounds: Uint32Array;
  readonly weights: readonly Float64Array[];
  /** Facts about all stacks read so far. The last batch's facts apply to all stacks. */
  readonly facts: Facts;
  #release: (() => void) | undefined;

  constructor({ table, frames, bounds, weights, facts = {}, release }: StackColumns) {
    this.table = table;
    this.frames = frames;
    this.bounds = bounds;
    this.weights = weights;
    this.facts = facts;
    this.#release = release;
  }

  /** Number of stacks. */
  get length(): number {
    return this.bounds.length - 1;
  }

  /**
   * Gives the arrays back to the stage that created the batch, and empties the batch: Node's streams keep their last
   * batch, but should not keep its table, which may take 30 MB.
   */
  release(): void {
    const release = this.#release;
    if (!release) return;
    this.#release = undefined;
    Object.assign(this, NOTHING);
    release();
  }

  /** The stacks as samples, in order. If stacks have two weights, each sample has the second weight. */
  *[Symbol.iterator](): IterableIterator<Sample> {
    const counts = this.weights.at(-1)!;
    for (let i = 0; i < this.length; i++) {
      const ids = this.frames.subarray(this.bounds[i], this.bounds[i + 1]);
      yield { frames: Array.from(ids, (id) => this.table.frame(id)), count: counts[i]! };
    }
  }
}

const NOTHING = {
  table: new FrameList(),
  frames: new Uint32Array(0),
  bounds: new Uint32Array(1),
  weights: [new Float64Array(0)],
} as const satisfies StackColumns;

/** A stack's labels, leaf first, and its weight. */
export interface PlainSample {
  readonly frames: readonly string[];
  readonly count: number;
}

/**
 * Makes a batch from plain samples, turning their frames into valid labels ({@link labelOf}). Throws `INVALID_SAMPLE`
 * if a sample has no frame, or if its count is negative or not finite.
 */
export function batchOf(samples: Iterable<PlainSample>, facts: Facts = {}): StackBatch {
  const table = new FrameList();
  const ids = new Map<string, number>();
  const idOf = (label: string): number => {
    let id = ids.get(label);
    if (id === undefined) ids.set(label, (id = table.add({ label })));
    return id;
  };
  const frames: number[] = [];
  const bounds: number[] = [0];
  const weights: number[] = [];
  for (const sample of samples) {
    if (sample.frames.length === 0 || !isWeight(sample.count)) {
      throw new StacksError(
        'INVALID_SAMPLE',
        `sample ${bounds.length}: expected at least one frame and a count of 0 or more, got ${sample.frames.length} frames and the count ${sample.count}`,
        bounds.length,
      );
    }
    for (const [i, text] of sample.frames.entries()) {
      const label = labelOf(text);
      frames.push(idOf(i === 0 && !isLeafLabel(label) ? leafLabelOf(label) : label));
    }
    bounds.push(frames.length);
    weights.push(sample.count);
  }
  return new StackBatch({
    table,
    frames: Uint32Array.from(frames),
    bounds: Uint32Array.from(bounds),
    weights: [Float64Array.from(weights)],
    facts,
  });
}

/**
 * Returns a message that says what is wrong with a batch, or `undefined` if the batch is valid. Each stage checks its
 * input with this function, which looks at every bound, weight and frame number once (in about 10 ms for the twelve
 * million frames in a gigabyte of trace). Labels are not checked until a stage first looks them up.
 */
export function faultOf(batch: StackBatch): string | undefined {
  if (!(batch?.frames instanceof Uint32Array) || !(batch.bounds instanceof Uint32Array) || !batch.table)
    return `expected a batch of stacks (a StackBatch; batchOf makes one from samples), got ${nameOf(batch)}`;
  const { table, frames, bounds, weights } = batch;
  const stacks = bounds.length - 1;
  if (
    stacks < 0 ||
    weights.length < 1 ||
    weights.length > 2 ||
    weights.some(({ length }) => length !== stacks)
  )
    return `expected one or two columns with ${stacks} weights each, got columns with these lengths: ${weights.map(({ length }) => length).join(', ') || 'none'}`;
  const empty = firstEmpty(bounds);
  if (empty < stacks)
    return `stack ${empty + 1} of the batch has no frames, because its bounds are ${bounds[empty]} and ${bounds[empty + 1]}`;
  if (bounds[stacks]! > frames.length)
    return `the last bound of the batch is ${bounds[stacks]}, but the batch has only ${frames.length} frames`;
  const largest = largestIn(frames, bounds[0]!, bounds[stacks]!);
  if (largest >= table.size)
    return `the batch contains frame number ${largest}, but its table has only ${table.size} frames`;
  for (const column of weights) {
    const stack = firstUnweighted(column);
    if (stack < stacks)
      return `stack ${stack + 1} of the batch has the weight ${column[stack]}; expected a finite weight of 0 or more`;
  }
  return undefined;
}

// Each of these loops has its own function, which sees only one type of array, so each step takes only a nanosecond.

function firstEmpty(bounds: Uint32Array): number {
  const stacks = bounds.length - 1;
  let stack = 0;
  while (stack < stacks && bounds[stack]! < bounds[stack + 1]!) stack++;
  return stack;
}

/** Returns the largest frame number, or −1 if there are no frames. */
function largestIn(frames: Uint32Array, from: number, to: number): number {
  let largest = -1;
  for (let at = from; at < to; at++) if (frames[at]! > largest) largest = frames[at]!;
  return largest;
}

function firstUnweighted(column: Float64Array): number {
  let stack = 0;
  while (stack < column.length && column[stack]! >= 0 && column[stack]! < Infinity) stack++;
  return stack;
}

function nameOf(value: unknown): string {
  if (typeof value === 'string') return 'text';
  if (value instanceof Uint8Array) return 'bytes';
  return value === null || typeof value !== 'object' ? String(value) : value.constructor.name;
}
