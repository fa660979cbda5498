import type { StackBatch } from '../batch.ts';
import { StackBuilder } from '../builder.ts';
import type { Facts } from '../facts.ts';
import type { FrameTable } from '../frames.ts';
import { WeightSum } from '../weight.ts';
import { FrameMarks, Mark } from './frame-marks.ts';
import { LeafTable } from './leaf-table.ts';
import type { Selection, SelectionSummary } from './selection.ts';

/** Takes batches, and returns batches with only the parts of stacks that a {@link Selection} keeps. */
export class StackSelector {
  readonly #selection: Selection;
  readonly #marks: FrameMarks;
  /** Whether the selection can change which frame is a stack's leaf. */
  readonly #changesLeaves: boolean;
  readonly #builder = new StackBuilder();
  #source: FrameTable | undefined;
  #table: FrameTable | undefined;
  /** The frames kept from the current stack. */
  #stack = new Uint32Array(1 << 8);
  #kept = 0;
  #filtered = 0;
  readonly #filteredWeight = new WeightSum();

  constructor(selection: Selection) {
    this.#selection = selection;
    this.#marks = new FrameMarks(selection);
    const { hide, show, reverse = false } = selection;
    this.#changesLeaves = reverse || hide !== undefined || show !== undefined;
  }

  /** Returns a batch with the kept parts of this batch's stacks, and releases this batch. */
  select(batch: StackBatch): StackBatch {
    const { reverse = false, side } = this.#selection;
    this.#useTable(batch.table);
    const { frames, bounds, weights } = batch;
    const first = weights[side === 'after' ? weights.length - 1 : 0]!;
    const second = side === undefined ? weights[1] : undefined;
    this.#builder.weightColumns = second ? 2 : 1;
    for (let i = 0; i < batch.length; i++) {
      const length = this.#keep(frames, bounds[i]!, bounds[i + 1]!);
      if (length === 0) {
        this.#filtered++;
        this.#filteredWeight.add((second ?? first)[i]!);
        continue;
      }
      this.#kept++;
      if (this.#changesLeaves) this.#markLeaf(length, reverse ? length - 1 : 0);
      if (reverse) this.#builder.addRootFirst(this.#stack, 0, length, first[i]!, second?.[i]);
      else this.#builder.add(this.#stack, 0, length, first[i]!, second?.[i]);
    }
    const selected = this.#builder.take(this.#table!, this.#factsOf(batch.facts));
    batch.release();
    return selected;
  }

  #useTable(table: FrameTable): void {
    this.#marks.use(table);
    if (table === this.#source) return;
    this.#source = table;
    this.#table = this.#changesLeaves ? new LeafTable(table) : table;
  }

  /**
   * Copies the kept part of the stack `frames[from … to − 1]`. Returns the number of kept frames: 0 if the stack is
   * left out.
   */
  #keep(frames: Uint32Array, from: number, to: number): number {
    const marks = this.#marks;
    if (to - from > this.#stack.length) this.#stack = new Uint32Array((to - from) * 2);
    const stack = this.#stack;
    let all = 0;
    let length = 0;
    for (let i = from; i < to; i++) {
      const id = frames[i]!;
      const mark = marks.of(id);
      all |= mark;
      if ((mark & (Mark.HIDE | Mark.SHOW)) === Mark.SHOW) stack[length++] = id;
    }
    if ((all & (Mark.FOCUS | Mark.IGNORE)) !== Mark.FOCUS) return 0;
    length = this.#endOfOutermost(Mark.FROM, length);
    length = this.#endOfOutermost(Mark.BASE, length);
    length = this.#endOfInnermost(Mark.SKIP, length);
    return this.#selection.collapseRecursion === true ? this.#collapse(length) : length;
  }

  /** Returns the index after the outermost frame with this mark, or 0 if no frame has the mark. */
  #endOfOutermost(mark: number, length: number): number {
    let end = length;
    while (end > 0 && (this.#marks.of(this.#stack[end - 1]!) & mark) === 0) end--;
    return end;
  }

  /** Returns the index after the innermost frame with this mark, or `length` if no frame has the mark. */
  #endOfInnermost(mark: number, length: number): number {
    for (let i = 0; i < length; i++) if ((this.#marks.of(this.#stack[i]!) & mark) !== 0) return i + 1;
    return length;
  }

  #collapse(length: number): number {
    const stack = this.#stack;
    let kept = 0;
    let before = 0;
    for (let i = 0; i < length; i++) {
      const label = this.#marks.labelNumber(stack[i]!);
      if (label !== before) stack[kept++] = stack[i]!;
      before = label;
    }
    return kept;
  }

  /** Replaces the stack's frame numbers with numbers in the {@link LeafTable}. */
  #markLeaf(length: number, leaf: number): void {
    const stack = this.#stack;
    const isLeaf = (this.#marks.of(stack[leaf]!) & Mark.LEAF) !== 0;
    for (let i = 0; i < length; i++) stack[i]! *= 2;
    if (!isLeaf) stack[leaf]! += 1;
  }

  #factsOf(facts: Facts): Facts {
    const { base, reverse } = this.#selection;
    const { order, reversed: wasReversed, filtered: before = 0, ...rest } = facts;
    const isReversed = (wasReversed === true) !== (reverse === true);
    const filtered = before + this.#filteredWeight.value;
    return {
      ...rest,
      ...(order === 'time' && { order }),
      ...(base && base.length > 0 && { base }),
      ...(isReversed && { reversed: true }),
      ...(filtered > 0 && { filtered }),
    };
  }

  /** Returns a summary of what has been kept and left out so far. */
  summary(): SelectionSummary {
    return {
      kept: this.#kept,
      filtered: this.#filtered,
      filteredWeight: this.#filteredWeight.value,
      unmatched: this.#marks.unmatched(),
    };
  }
}
