import { decimalPlaces, EXACT_MAX, roundedSum } from '@stapflame/stacks';
import { BoxColumns } from './box-columns.ts';
import { callersFirst, namesInUse, type Boxes } from './boxes.ts';
import { larger } from './larger.ts';
import type { NameSums } from './name-sums.ts';
import type { Names } from './names.ts';
import type { WalkOptions } from './walk.ts';

export interface CollectorOptions extends Pick<WalkOptions, 'least' | 'whole' | 'maxBoxes'> {
  /**
   * The final total, except for rounding errors, if it is known in advance. Frames that are too narrow can then be
   * dropped immediately.
   */
  readonly expected?: number;
}

/** The boxes, without the names' sums. */
export type CollectedBoxes = Omit<Boxes, 'sums' | 'isComparison'>;

/** Number of boxes at which the first sweep starts. */
const FIRST_SWEEP = 1 << 14;
/**
 * Growth factor for full columns. The unused part of a large column does not take up resident memory, but a column
 * that doubled repeatedly would leave its earlier copies behind.
 */
const GROWTH = 64;
const FIRST_DEPTH = 1 << 8;
/** Maximum relative difference between sums of the same terms that were added in different orders. */
const ROUNDING = 1e-6;

/**
 * Collects the boxes of a tree in a single walk, callers before callees. When a frame closes, its weight is final, and
 * the total can only grow. A frame below the minimum share of the current total can therefore never be drawn, and is
 * dropped immediately, with its descendants. Only one stack and the boxes that may be drawn are in memory.
 *
 * If there are too many boxes to draw, only the widest are kept, and among equally wide boxes, those nearest to the
 * root. A callee is neither wider than its caller nor nearer to the root, so no box loses its caller. As boxes are
 * added, a box can only move back in this order. Boxes that are too far back are therefore dropped immediately, and the
 * result does not depend on when they are dropped.
 *
 *     open frames, by level       starts and selfs (of both weights), and the number of boxes when the frame opened
 *     boxes, after their callees  see BoxColumns
 *
 * The sums of names include every closed frame, however narrow.
 */
export class BoxCollector {
  readonly #least: number;
  readonly #whole: number;
  /** A lower bound on the total. */
  readonly #floor: number;
  readonly #mostBoxes: number;
  readonly #sums: NameSums | undefined;
  /**
   * If boxes are ordered from the widest to the narrowest: the weight of the first box that is too far back to be
   * drawn.
   */
  #endWeight = 0;
  /** Level of the first box that is too far back to be drawn. */
  #endLevel = 0;
  #total = 0;
  #totalBefore = 0;
  #isComparison = false;
  #places = 0;
  #level = 0;
  #openStarts: Float64Array = new Float64Array(FIRST_DEPTH);
  #openStartsBefore: Float64Array = new Float64Array(FIRST_DEPTH);
  #openSelfs: Float64Array = new Float64Array(FIRST_DEPTH);
  #openSelfsBefore: Float64Array = new Float64Array(FIRST_DEPTH);
  #openBoxes: Int32Array = new Int32Array(FIRST_DEPTH);
  #count = 0;
  #boxes = new BoxColumns(FIRST_SWEEP * 2);
  /** Number of boxes at the beginning that already have name numbers; see {@link markNumbered}. */
  #numbered = 0;
  #sweep: number;
  #dropped = 0;
  /** A reused array with room for one number per box. */
  #scratch: Float64Array = new Float64Array(0);

  constructor({ least, whole, maxBoxes, expected = 0 }: CollectorOptions, sums?: NameSums) {
    this.#least = least;
    this.#whole = whole;
    this.#floor = Math.max(whole, expected * (1 - ROUNDING));
    this.#mostBoxes = maxBoxes;
    this.#sums = sums;
    this.#sweep = this.#firstSweep;
  }

  get total(): number {
    return roundedSum(this.#total, this.#places);
  }

  /** Maximum number of decimal places seen in a weight. */
  get places(): number {
    return this.#places;
  }

  /** From now on, stacks have two weights. The single weight of earlier stacks counts as both. Called at most once. */
  compare(): void {
    this.#isComparison = true;
    this.#totalBefore = this.#total;
    this.#openStartsBefore = this.#openStarts.slice();
    this.#openSelfsBefore = this.#openSelfs.slice();
    this.#boxes.compare();
    this.#sums?.compare();
  }

  /** Opens a frame, as a callee of the topmost open frame. */
  open(): void {
    const level = this.#level++;
    if (level === this.#openStarts.length) this.#deepen();
    this.#openStarts[level] = this.#total;
    this.#openSelfs[level] = 0;
    this.#openBoxes[level] = this.#count;
    if (!this.#isComparison) return;
    this.#openStartsBefore[level] = this.#totalBefore;
    this.#openSelfsBefore[level] = 0;
  }

  #deepen(): void {
    const length = this.#openBoxes.length * 2;
    this.#openStarts = larger(this.#openStarts, length);
    this.#openStartsBefore = larger(this.#openStartsBefore, length);
    this.#openSelfs = larger(this.#openSelfs, length);
    this.#openSelfsBefore = larger(this.#openSelfsBefore, length);
    this.#openBoxes = larger(this.#openBoxes, length);
  }

  /**
   * Adds a stack that ends in the topmost open frame.
   *
   * @param before the stack's first weight; the same as `weight` if the stack has only one
   */
  add(weight: number, before: number): void {
    const leaf = this.#level - 1;
    this.#openSelfs[leaf]! += weight;
    this.#total += weight;
    if (this.#isComparison) {
      this.#openSelfsBefore[leaf]! += before;
      this.#totalBefore += before;
    }
    if (!Number.isInteger(weight) || !Number.isInteger(before))
      this.#places = Math.max(this.#places, decimalPlaces(weight), decimalPlaces(before));
  }

  /** Closes the topmost open frame. @param name number of the frame's name, to be stored in its box */
  close(name: number): void {
    const level = --this.#level;
    const start = this.#openStarts[level]!;
    const self = this.#openSelfs[level]!;
    const weight = this.#total - start;
    const before = this.#isComparison ? this.#totalBefore - this.#openStartsBefore[level]! : weight;
    const selfBefore = this.#isComparison ? this.#openSelfsBefore[level]! : self;
    this.#sums?.close(weight, self, before, selfBefore);
    if (!this.#isWide(weight, before) || this.#isBeyondEnd(Math.max(weight, before), level)) {
      const kept = this.#openBoxes[level]!;
      this.#dropped += this.#count - kept + 1;
      this.#drop(kept);
      return;
    }
    const boxes = this.#boxes;
    if (this.#count === boxes.names.length) boxes.grow(Math.min(this.#count * GROWTH, this.#room));
    const box = this.#count++;
    boxes.names[box] = name;
    boxes.levels[box] = level;
    boxes.starts[box] = start;
    boxes.weights[box] = weight;
    boxes.selfs[box] = self;
    if (boxes.befores) boxes.befores[box] = before;
    if (boxes.changes) boxes.changes[box] = self - selfBefore;
    if (this.#count >= this.#sweep) this.sweep();
  }

  #isWide(weight: number, before: number): boolean {
    if (isDrawn(weight, this.#least * Math.max(this.#total, this.#floor))) return true;
    return this.#isComparison && isDrawn(before, this.#least * Math.max(this.#totalBefore, this.#whole));
  }

  #drop(from: number): void {
    this.#count = from;
    this.#numbered = Math.min(this.#numbered, from);
  }

  /** Drops boxes that can no longer be drawn. */
  sweep(): void {
    this.#keep((box) => this.#isWide(this.#boxes.weights[box]!, this.#beforeOf(box)));
    if (this.#count > this.#mostBoxes) this.#keepWidest();
    this.#sweep = Math.max(this.#firstSweep, Math.min(this.#count * 2, this.#room));
  }

  #beforeOf(box: number): number {
    return (this.#boxes.befores ?? this.#boxes.weights)[box]!;
  }

  get #firstSweep(): number {
    return Math.min(FIRST_SWEEP, this.#room);
  }

  /**
   * When there are this many boxes, all but the widest are dropped. A larger number would take up more memory, and a
   * smaller one would require more sweeps.
   */
  get #room(): number {
    return this.#mostBoxes + (this.#mostBoxes >> 2) + 1;
  }

  #isBeyondEnd(weight: number, level: number): boolean {
    return weight < this.#endWeight || (weight === this.#endWeight && level >= this.#endLevel);
  }

  #weightOf(box: number): number {
    return Math.max(this.#boxes.weights[box]!, this.#beforeOf(box));
  }

  /**
   * Keeps the widest boxes. Drops boxes of equal weight a whole level at a time, so the order of boxes does not matter.
   */
  #keepWidest(): void {
    const weights = this.#roomForBoxes();
    for (let box = 0; box < weights.length; box++) weights[box] = this.#weightOf(box);
    weights.sort();
    const end = weights[weights.length - 1 - this.#mostBoxes]!;
    let room = this.#mostBoxes;
    const equal: number[] = [];
    for (let box = 0; box < weights.length; box++) {
      const weight = this.#weightOf(box);
      if (weight > end) room--;
      else if (weight === end) {
        const level = this.#boxes.levels[box]!;
        equal[level] = (equal[level] ?? 0) + 1;
      }
    }
    let level = 0;
    while (room >= (equal[level] ?? 0)) room -= equal[level++] ?? 0;
    this.#endWeight = end;
    this.#endLevel = level;
    this.#keep((box) => !this.#isBeyondEnd(this.#weightOf(box), this.#boxes.levels[box]!));
  }

  /**
   * Returns an array with an element for each box. The array is reused, because new arrays would leave megabytes of
   * garbage.
   */
  #roomForBoxes(): Float64Array {
    if (this.#scratch.length < this.#count) this.#scratch = new Float64Array(this.#boxes.names.length);
    return this.#scratch.subarray(0, this.#count);
  }

  /** Drops all boxes for which `isKept` returns `false`, and adjusts the open frames. */
  #keep(isKept: (box: number) => boolean): void {
    const count = this.#count;
    let to = 0;
    let level = 0;
    let numbered = 0;
    for (let box = 0; box <= count; box++) {
      for (; level < this.#level && this.#openBoxes[level]! <= box; level++) this.#openBoxes[level] = to;
      if (box === this.#numbered) numbered = to;
      if (box === count) continue;
      if (isKept(box)) this.#boxes.move(to++, box);
    }
    this.#dropped += count - to;
    this.#count = to;
    this.#numbered = numbered;
  }

  /** Name numbers of all boxes. The caller may change them. */
  get numbers(): Int32Array {
    return this.#boxes.names.subarray(0, this.#count);
  }

  /** Name numbers of the boxes added since the last call to {@link markNumbered}. The caller may change them. */
  get newNumbers(): Int32Array {
    return this.#boxes.names.subarray(this.#numbered, this.#count);
  }

  markNumbered(): void {
    this.#numbered = this.#count;
  }

  /** Returns the boxes after all frames have been closed. Columns are sorted in place because they are large. */
  boxes(names: Names): CollectedBoxes {
    this.sweep();
    const order = callersFirst(this.#boxes.levels.subarray(0, this.#count));
    const column = (values: Float64Array): Float64Array => {
      const unordered = this.#roomForBoxes();
      unordered.set(values.subarray(0, order.length));
      for (let i = 0; i < order.length; i++) values[i] = roundedSum(unordered[order[i]!]!, this.#places);
      return values.subarray(0, order.length);
    };
    const { names: numbers, levels, starts, weights, befores, selfs, changes } = this.#boxes;
    const ordered = column(weights);
    const boxes = {
      total: Math.max(this.total, this.#whole),
      sum: this.total,
      isInexact: this.#total > EXACT_MAX,
      ...namesInUse(
        order.map((box) => numbers[box]!),
        names,
      ),
      depths: order.map((box) => levels[box]!),
      starts: column(starts),
      weights: ordered,
      totalBefore: this.#isComparison ? roundedSum(this.#totalBefore, this.#places) : this.total,
      weightsBefore: befores ? column(befores) : ordered,
      selfs: column(selfs),
      changes: changes && column(changes),
      dropped: this.#dropped,
      isLimited: this.#isLimited,
    };
    // free this memory before the picture is written
    this.#boxes = new BoxColumns(0);
    this.#scratch = new Float64Array(0);
    return boxes;
  }

  get #isLimited(): boolean {
    const least = Math.min(this.#total, this.#isComparison ? this.#totalBefore : this.#total);
    return this.#endWeight > 0 && isDrawn(this.#endWeight, this.#least * Math.max(least, this.#whole));
  }
}

function isDrawn(weight: number, least: number): boolean {
  return weight >= least && weight > 0;
}
