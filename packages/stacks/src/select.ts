import { StackBatch } from './batch.ts';
import { StackBuilder } from './builder.ts';
import type { Facts } from './facts.ts';
import type { Frame, FrameTable } from './frames.ts';
import { isLeafLabel, labelOf, leafLabelOf } from './label.ts';

/** What to keep of each stack. */
export interface Selection {
  /**
   * Only stacks with a frame of one of these labels, from the outermost of them on; what is below it is left out.
   * @defaultValue all stacks, whole
   */
  readonly base?: readonly string[];
  /** Turn each stack around, so that it is merged from the leaf. @defaultValue false */
  readonly reverse?: boolean;
  /** Of two columns of weights only this one. @defaultValue both */
  readonly side?: 'before' | 'after';
}

/** Stacks in, stacks out: what a {@link Selection} keeps of them, for any input and any output. */
export class StackSelector {
  readonly #selection: Selection;
  readonly #bases: ReadonlySet<string>;
  readonly #builder = new StackBuilder();
  #source: FrameTable | undefined;
  #table: FrameTable | undefined;
  /** 1: is a base; 2: is none; 0: not looked at yet. By number in the source table. */
  #isBase = new Uint8Array(1 << 10);

  constructor(selection: Selection) {
    this.#selection = selection;
    this.#bases = new Set(selection.base?.map(labelOf));
  }

  /** The batch with what is kept. The one that was given is released. */
  select(batch: StackBatch): StackBatch {
    const { reverse = false, side } = this.#selection;
    if (batch.table !== this.#source) {
      this.#source = batch.table;
      this.#table = reverse ? new ReversedTable(batch.table) : batch.table;
      this.#isBase.fill(0);
    }
    const { frames, bounds, weights } = batch;
    const first = weights[side === 'after' ? weights.length - 1 : 0]!;
    const second = side === undefined ? weights[1] : undefined;
    this.#builder.weightColumns = second ? 2 : 1;
    for (let i = 0; i < batch.length; i++) {
      const from = bounds[i]!;
      const to = this.#rootEnd(batch, from, bounds[i + 1]!);
      if (to === from) continue;
      if (reverse)
        this.#builder.addRootFirst(
          reversed(batch.table, frames, from, to),
          0,
          to - from,
          first[i]!,
          second?.[i],
        );
      else this.#builder.add(frames, from, to, first[i]!, second?.[i]);
    }
    const selected = this.#builder.take(this.#table!, this.#factsOf(batch.facts));
    batch.release();
    return selected;
  }

  /** Where the stack ends at its root: behind the outermost base; `from` where it has none. */
  #rootEnd({ table, frames }: StackBatch, from: number, to: number): number {
    if (this.#bases.size === 0) return to;
    if (table.size > this.#isBase.length) {
      const larger = new Uint8Array(table.size * 2);
      larger.set(this.#isBase);
      this.#isBase = larger;
    }
    let end = to;
    for (; end > from; end--) {
      const id = frames[end - 1]!;
      const known = (this.#isBase[id] ||= this.#bases.has(table.label(id)) ? 1 : 2);
      if (known === 1) break;
    }
    return end;
  }

  #factsOf(facts: Facts): Facts {
    const { base, reverse } = this.#selection;
    const { order, reversed: wasReversed, ...rest } = facts;
    const isReversed = (wasReversed === true) !== (reverse === true);
    return {
      ...rest,
      ...(order === 'time' && { order }),
      ...(base && base.length > 0 && { base }),
      ...(isReversed && { reversed: true }),
    };
  }
}

/** Root and leaf change places: the numbers for {@link ReversedTable}, from what is now the root. */
function reversed(table: FrameTable, frames: Uint32Array, from: number, to: number): Uint32Array {
  const turned = new Uint32Array(to - from);
  for (let i = from; i < to; i++) turned[i - from] = frames[i]! * 2;
  const leaf = frames[to - 1]!;
  if (!isLeafLabel(table.label(leaf))) turned[to - 1 - from]! += 1;
  return turned;
}

/**
 * A table in which each frame has two numbers, so that a root which becomes a leaf gets a leaf's label:
 *
 *     2 × number       as it was
 *     2 × number + 1   with the label of a leaf
 */
class ReversedTable implements FrameTable {
  readonly #source: FrameTable;

  constructor(source: FrameTable) {
    this.#source = source;
  }

  get size(): number {
    return this.#source.size * 2;
  }

  label(id: number): string {
    const label = this.#source.label(id >>> 1);
    return id % 2 === 0 ? label : leafLabelOf(label);
  }

  frame(id: number): Frame {
    return { ...this.#source.frame(id >>> 1), label: this.label(id) };
  }
}
