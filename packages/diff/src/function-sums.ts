import type { FrameTable, StackBatch } from '@stapflame/stacks';

/** Columns of a function's weights: its self and total weights, before and after. */
export const Column = { SELF_BEFORE: 0, SELF_AFTER: 1, TOTAL_BEFORE: 2, TOTAL_AFTER: 3 } as const;
const COLUMNS = 4;

/** Sums each function's weights, before and after. Stacks may arrive in any order and may be repeated. */
export class FunctionSums {
  readonly labels: string[] = [];
  readonly #rows = new Map<string, number>();
  #sums = new Float64Array(COLUMNS << 10);
  /** For each row, the number of the last stack that contained the row's function, so that recursion counts only once. */
  #seen = new Float64Array(1 << 10);
  #stack = 0;
  #table: FrameTable | undefined;
  /** For each frame, its function's row plus 1, or 0 if the row is not known yet. */
  #rowOf = new Uint32Array(1 << 10);
  readonly totals: [before: number, after: number] = [0, 0];
  /** Whether all weights are whole numbers. */
  areWhole = true;

  push({ table, frames, bounds, weights, length }: StackBatch): void {
    this.#useTable(table);
    const [first, second = first] = weights as [Float64Array, Float64Array?];
    for (let i = 0; i < length; i++) {
      const before = first[i]!;
      const after = second[i]!;
      if (!Number.isInteger(before) || !Number.isInteger(after)) this.areWhole = false;
      this.totals[0] += before;
      this.totals[1] += after;
      this.#stack++;
      const leaf = this.#row(frames[bounds[i]!]!);
      this.#sums[leaf * COLUMNS]! += before;
      this.#sums[leaf * COLUMNS + Column.SELF_AFTER]! += after;
      for (let at = bounds[i]!; at < bounds[i + 1]!; at++) {
        const row = this.#row(frames[at]!);
        if (this.#seen[row] === this.#stack) continue;
        this.#seen[row] = this.#stack;
        this.#sums[row * COLUMNS + Column.TOTAL_BEFORE]! += before;
        this.#sums[row * COLUMNS + Column.TOTAL_AFTER]! += after;
      }
    }
  }

  sum(row: number, column: number): number {
    return this.#sums[row * COLUMNS + column]!;
  }

  #useTable(table: FrameTable): void {
    if (table !== this.#table) this.#rowOf.fill(0);
    this.#table = table;
    if (table.size <= this.#rowOf.length) return;
    const larger = new Uint32Array(table.size * 2);
    larger.set(this.#rowOf);
    this.#rowOf = larger;
  }

  #row(frame: number): number {
    const known = this.#rowOf[frame]!;
    return known > 0 ? known - 1 : this.#newRow(frame);
  }

  #newRow(frame: number): number {
    const label = this.#table!.label(frame);
    let row = this.#rows.get(label);
    if (row === undefined) {
      row = this.labels.push(label) - 1;
      this.#rows.set(label, row);
      if (row === this.#seen.length) {
        this.#seen = doubled(this.#seen);
        this.#sums = doubled(this.#sums);
      }
    }
    this.#rowOf[frame] = row + 1;
    return row;
  }
}

function doubled(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(array.length * 2);
  larger.set(array);
  return larger;
}
