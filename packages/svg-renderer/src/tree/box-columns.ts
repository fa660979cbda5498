import { larger } from './larger.ts';

/**
 * A column for each property of boxes: name number, level, start, weight, and the weight of the stacks that end in the
 * box.
 */
export class BoxColumns {
  names: Int32Array;
  levels: Int32Array;
  starts: Float64Array;
  weights: Float64Array;
  selfs: Float64Array;
  /** The first of two weights; absent if stacks have only one weight. */
  befores: Float64Array | undefined;
  /**
   * For the stacks that end in each box: the second weight minus the first weight. Absent if stacks have only one
   * weight.
   */
  changes: Float64Array | undefined;

  constructor(length: number) {
    this.names = new Int32Array(length);
    this.levels = new Int32Array(length);
    this.starts = new Float64Array(length);
    this.weights = new Float64Array(length);
    this.selfs = new Float64Array(length);
  }

  /** From now on, boxes have two weights. The single weight of earlier boxes counts as both. */
  compare(): void {
    this.befores ??= this.weights.slice();
    this.changes ??= new Float64Array(this.weights.length);
  }

  grow(length: number): void {
    this.names = larger(this.names, length);
    this.levels = larger(this.levels, length);
    this.starts = larger(this.starts, length);
    this.weights = larger(this.weights, length);
    this.selfs = larger(this.selfs, length);
    this.befores &&= larger(this.befores, length);
    this.changes &&= larger(this.changes, length);
  }

  /** Moves a box to another position. */
  move(to: number, from: number): void {
    this.names[to] = this.names[from]!;
    this.levels[to] = this.levels[from]!;
    this.starts[to] = this.starts[from]!;
    this.weights[to] = this.weights[from]!;
    this.selfs[to] = this.selfs[from]!;
    if (this.befores) this.befores[to] = this.befores[from]!;
    if (this.changes) this.changes[to] = this.changes[from]!;
  }
}
