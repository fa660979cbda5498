import { decimalPlaces, EXACT_MAX, roundedSum } from '@stapflame/stacks';
import { callersFirst, namesInUse, type Boxes } from './boxes.ts';
import type { Names } from './names.ts';

/** The boxes without the sums of their names. */
export type CollectedBoxes = Omit<Boxes, 'sums' | 'isComparison'>;

/** Number of boxes that starts the first sweep. */
const FIRST_SWEEP = 1 << 14;
const FIRST_DEPTH = 1 << 8;

/**
 * Collects the boxes of a tree that is walked once, callers first. When a frame closes, its weight is final, and
 * the total can only grow. A frame narrower than the least share of the total so far can therefore never be drawn, and
 * is dropped at once with its descendants. Memory holds what can be drawn and one stack.
 *
 *     open frames, by level       starts (of both weights), selfs, and how many boxes were kept when it was opened
 *     boxes, after their callees  name, level, start, weight, self, both in the first of two weights
 */
export class BoxCollector {
  /** Least share of the total that is drawn. */
  readonly #least: number;
  readonly #whole: number;
  #total = 0;
  #totalBefore = 0;
  #places = 0;
  #level = 0;
  #openStarts = new Float64Array(FIRST_DEPTH);
  #openStartsBefore = new Float64Array(FIRST_DEPTH);
  #openSelfs = new Float64Array(FIRST_DEPTH);
  #openChanges = new Float64Array(FIRST_DEPTH);
  #openBoxes = new Int32Array(FIRST_DEPTH);
  #count = 0;
  #names: Int32Array = new Int32Array(FIRST_SWEEP * 2);
  #levels: Int32Array = new Int32Array(FIRST_SWEEP * 2);
  #starts: Float64Array = new Float64Array(FIRST_SWEEP * 2);
  #weights: Float64Array = new Float64Array(FIRST_SWEEP * 2);
  #befores: Float64Array = new Float64Array(FIRST_SWEEP * 2);
  #selfs: Float64Array = new Float64Array(FIRST_SWEEP * 2);
  #changes: Float64Array = new Float64Array(FIRST_SWEEP * 2);
  #sweep = FIRST_SWEEP;
  #dropped = 0;

  /** @param whole weight that the full width stands for, if it is more than the sum */
  constructor(least: number, whole: number) {
    this.#least = least;
    this.#whole = whole;
  }

  /** Sum of all weights so far. */
  get total(): number {
    return roundedSum(this.#total, this.#places);
  }

  /** The most decimal places of a weight so far. */
  get places(): number {
    return this.#places;
  }

  /** Opens a frame on the ones that are open. */
  open(): void {
    const level = this.#level++;
    if (level === this.#openStarts.length) this.#deepen();
    this.#openStarts[level] = this.#total;
    this.#openStartsBefore[level] = this.#totalBefore;
    this.#openSelfs[level] = 0;
    this.#openChanges[level] = 0;
    this.#openBoxes[level] = this.#count;
  }

  #deepen(): void {
    this.#openStarts = doubled(this.#openStarts, Float64Array);
    this.#openStartsBefore = doubled(this.#openStartsBefore, Float64Array);
    this.#openSelfs = doubled(this.#openSelfs, Float64Array);
    this.#openChanges = doubled(this.#openChanges, Float64Array);
    this.#openBoxes = doubled(this.#openBoxes, Int32Array);
  }

  /** Adds a stack that ends in the topmost open frame. @param before its first weight; the same if it has only one */
  add(weight: number, before: number): void {
    const leaf = this.#level - 1;
    this.#openSelfs[leaf]! += weight;
    this.#openChanges[leaf]! += weight - before;
    this.#total += weight;
    this.#totalBefore += before;
    if (!Number.isInteger(weight) || !Number.isInteger(before))
      this.#places = Math.max(this.#places, decimalPlaces(weight), decimalPlaces(before));
  }

  /** Closes the topmost frame; `nameAt` is called only if it may be drawn. */
  close(nameAt: (level: number) => number): void {
    const level = --this.#level;
    const start = this.#openStarts[level]!;
    const weight = this.#total - start;
    const before = this.#totalBefore - this.#openStartsBefore[level]!;
    if (!isDrawn(weight, this.#narrowest) && !isDrawn(before, this.#narrowestBefore)) {
      const kept = this.#openBoxes[level]!;
      this.#dropped += this.#count - kept + 1;
      this.#count = kept;
      return;
    }
    if (this.#count === this.#names.length) this.#widen();
    const box = this.#count++;
    this.#names[box] = nameAt(level);
    this.#levels[box] = level;
    this.#starts[box] = start;
    this.#weights[box] = weight;
    this.#befores[box] = before;
    this.#selfs[box] = this.#openSelfs[level]!;
    this.#changes[box] = this.#openChanges[level]!;
    if (this.#count >= this.#sweep) this.#sweepNarrow();
  }

  /** The least weight that can still be drawn. */
  get #narrowest(): number {
    return this.#least * Math.max(this.#total, this.#whole);
  }

  get #narrowestBefore(): number {
    return this.#least * Math.max(this.#totalBefore, this.#whole);
  }

  #widen(): void {
    this.#names = doubled(this.#names, Int32Array);
    this.#levels = doubled(this.#levels, Int32Array);
    this.#starts = doubled(this.#starts, Float64Array);
    this.#weights = doubled(this.#weights, Float64Array);
    this.#befores = doubled(this.#befores, Float64Array);
    this.#selfs = doubled(this.#selfs, Float64Array);
    this.#changes = doubled(this.#changes, Float64Array);
  }

  /** Drops boxes that became too narrow because the total has grown. Open frames keep their place. */
  #sweepNarrow(): void {
    const [least, leastBefore] = [this.#narrowest, this.#narrowestBefore];
    const count = this.#count;
    let to = 0;
    let level = 0;
    for (let box = 0; box <= count; box++) {
      for (; level < this.#level && this.#openBoxes[level]! <= box; level++) this.#openBoxes[level] = to;
      if (box === count) continue;
      if (this.#weights[box]! < least && this.#befores[box]! < leastBefore) continue;
      this.#names[to] = this.#names[box]!;
      this.#levels[to] = this.#levels[box]!;
      this.#starts[to] = this.#starts[box]!;
      this.#weights[to] = this.#weights[box]!;
      this.#befores[to] = this.#befores[box]!;
      this.#selfs[to] = this.#selfs[box]!;
      this.#changes[to] = this.#changes[box]!;
      to++;
    }
    this.#dropped += count - to;
    this.#count = to;
    this.#sweep = Math.max(FIRST_SWEEP, to * 2);
  }

  /** The boxes, once every frame is closed. @param names texts of the numbers that `close` was given */
  boxes(names: Names): CollectedBoxes {
    this.#sweepNarrow();
    const order = callersFirst(this.#levels.subarray(0, this.#count));
    const column = (values: Float64Array): Float64Array => {
      const ordered = new Float64Array(order.length);
      for (let i = 0; i < order.length; i++) ordered[i] = roundedSum(values[order[i]!]!, this.#places);
      return ordered;
    };
    const numbers = this.#names;
    return {
      total: Math.max(this.total, this.#whole),
      sum: this.total,
      isInexact: this.#total > EXACT_MAX,
      ...namesInUse(
        order.map((box) => numbers[box]!),
        names,
      ),
      depths: order.map((box) => this.#levels[box]!),
      starts: column(this.#starts),
      weights: column(this.#weights),
      totalBefore: roundedSum(this.#totalBefore, this.#places),
      weightsBefore: column(this.#befores),
      selfs: column(this.#selfs),
      changes: column(this.#changes),
      dropped: this.#dropped,
    };
  }
}

function doubled<T extends Int32Array | Float64Array>(array: T, type: new (length: number) => T): T {
  const larger = new type(array.length * 2);
  larger.set(array);
  return larger;
}

function isDrawn(weight: number, least: number): boolean {
  return weight >= least && weight > 0;
}
