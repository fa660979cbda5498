import { decimalPlaces, EXACT_MAX, roundedSum } from '@stapflame/stacks';
import { callersFirst, namesInUse, type Boxes } from './boxes.ts';
import type { Names } from './names.ts';
import type { WalkOptions } from './walk.ts';

export type CollectorOptions = Pick<WalkOptions, 'least' | 'whole' | 'maxBoxes'>;

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
 * Many stacks that are deep and wide have millions of boxes that can be drawn. The widest are kept then, and of those
 * that are equally wide the ones nearest to the root. A callee is never wider than its caller and never nearer to the
 * root, so no box loses its caller. As more boxes come, a box can only move back in this order, so one that is too far
 * back is dropped at once, and the result does not depend on when that is.
 *
 *     open frames, by level       starts (of both weights), selfs, and how many boxes were kept when it was opened
 *     boxes, after their callees  name, level, start, weight, self, both in the first of two weights
 */
export class BoxCollector {
  /** Least share of the total that is drawn. */
  readonly #least: number;
  readonly #whole: number;
  readonly #mostBoxes: number;
  /** The first box that is too far back in the order of boxes: its weight and level. */
  #endWeight = 0;
  #endLevel = 0;
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
  #sweep: number;
  #dropped = 0;

  constructor({ least, whole, maxBoxes }: CollectorOptions) {
    this.#least = least;
    this.#whole = whole;
    this.#mostBoxes = maxBoxes;
    this.#sweep = this.#firstSweep;
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
    const length = this.#openBoxes.length * 2;
    this.#openStarts = larger(this.#openStarts, Float64Array, length);
    this.#openStartsBefore = larger(this.#openStartsBefore, Float64Array, length);
    this.#openSelfs = larger(this.#openSelfs, Float64Array, length);
    this.#openChanges = larger(this.#openChanges, Float64Array, length);
    this.#openBoxes = larger(this.#openBoxes, Int32Array, length);
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
    const isWide = isDrawn(weight, this.#narrowest) || isDrawn(before, this.#narrowestBefore);
    if (!isWide || this.#isBeyondEnd(Math.max(weight, before), level)) {
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
    if (this.#count >= this.#sweep) this.#sweepAll();
  }

  /** The least weight that can still be drawn. */
  get #narrowest(): number {
    return this.#least * Math.max(this.#total, this.#whole);
  }

  get #narrowestBefore(): number {
    return this.#least * Math.max(this.#totalBefore, this.#whole);
  }

  #widen(): void {
    const length = Math.min(this.#count * 2, this.#room);
    this.#names = larger(this.#names, Int32Array, length);
    this.#levels = larger(this.#levels, Int32Array, length);
    this.#starts = larger(this.#starts, Float64Array, length);
    this.#weights = larger(this.#weights, Float64Array, length);
    this.#befores = larger(this.#befores, Float64Array, length);
    this.#selfs = larger(this.#selfs, Float64Array, length);
    this.#changes = larger(this.#changes, Float64Array, length);
  }

  /** Drops boxes that became too narrow because the total has grown, and those that are too many. */
  #sweepAll(): void {
    const [least, leastBefore] = [this.#narrowest, this.#narrowestBefore];
    this.#keep((box) => this.#weights[box]! >= least || this.#befores[box]! >= leastBefore);
    if (this.#count > this.#mostBoxes) this.#keepWidest();
    this.#sweep = Math.max(this.#firstSweep, Math.min(this.#count * 2, this.#room));
  }

  get #firstSweep(): number {
    return Math.min(FIRST_SWEEP, this.#room);
  }

  /** Number of boxes of which the widest are kept. Much more room would take memory, less would mean more sweeps. */
  get #room(): number {
    return this.#mostBoxes + (this.#mostBoxes >> 2) + 1;
  }

  #isBeyondEnd(weight: number, level: number): boolean {
    return weight < this.#endWeight || (weight === this.#endWeight && level >= this.#endLevel);
  }

  #weightOf(box: number): number {
    return Math.max(this.#weights[box]!, this.#befores[box]!);
  }

  /** Drops whole levels of boxes of one weight, so that the result does not depend on their order. */
  #keepWidest(): void {
    const weights = new Float64Array(this.#count);
    for (let box = 0; box < weights.length; box++) weights[box] = this.#weightOf(box);
    weights.sort();
    const end = weights[weights.length - 1 - this.#mostBoxes]!;
    let room = this.#mostBoxes;
    const equal: number[] = [];
    for (let box = 0; box < weights.length; box++) {
      const weight = this.#weightOf(box);
      if (weight > end) room--;
      else if (weight === end) equal[this.#levels[box]!] = (equal[this.#levels[box]!] ?? 0) + 1;
    }
    let level = 0;
    while (room >= (equal[level] ?? 0)) room -= equal[level++] ?? 0;
    this.#endWeight = end;
    this.#endLevel = level;
    this.#keep((box) => !this.#isBeyondEnd(this.#weightOf(box), this.#levels[box]!));
  }

  /** Drops all other boxes. Open frames keep their place. */
  #keep(isKept: (box: number) => boolean): void {
    const count = this.#count;
    let to = 0;
    let level = 0;
    for (let box = 0; box <= count; box++) {
      for (; level < this.#level && this.#openBoxes[level]! <= box; level++) this.#openBoxes[level] = to;
      if (box === count) continue;
      if (!isKept(box)) continue;
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
  }

  /** The boxes, once every frame is closed. @param names texts of the numbers that `close` was given */
  boxes(names: Names): CollectedBoxes {
    this.#sweepAll();
    const order = callersFirst(this.#levels.subarray(0, this.#count));
    const column = (values: Float64Array): Float64Array => {
      const ordered = new Float64Array(order.length);
      for (let i = 0; i < order.length; i++) ordered[i] = roundedSum(values[order[i]!]!, this.#places);
      return ordered;
    };
    const numbers = this.#names;
    const boxes = {
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
      isLimited:
        this.#endWeight > 0 && isDrawn(this.#endWeight, Math.min(this.#narrowest, this.#narrowestBefore)),
    };
    this.#release();
    return boxes;
  }

  /** Frees the columns, which take as much memory as the rest of the picture. */
  #release(): void {
    this.#names = this.#levels = new Int32Array(0);
    this.#starts = this.#weights = this.#befores = this.#selfs = this.#changes = new Float64Array(0);
    this.#count = 0;
  }
}

function larger<T extends Int32Array | Float64Array>(
  array: T,
  type: new (length: number) => T,
  length: number,
): T {
  const result = new type(length);
  result.set(array);
  return result;
}

function isDrawn(weight: number, least: number): boolean {
  return weight >= least && weight > 0;
}
