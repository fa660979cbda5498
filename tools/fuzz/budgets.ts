import { strictEqual } from 'node:assert/strict';
import { spillFiles, StackFolder, type StackColumns } from '@stapflame/folder';

/** The same stacks through a folder that keeps all in memory, and through one that spills as often as it can. */
export class Budgets {
  readonly #large = new StackFolder(spillFiles(), { memory: 1 << 28 });
  readonly #small = new StackFolder(spillFiles(), { memory: 1 << 20 });

  add(batches: readonly StackColumns[]): void {
    for (const { table, frames, bounds, weights } of batches) {
      // sums of large counts are another test's
      const ones = weights.map((column) => new Float64Array(column.length).fill(1));
      const batch = { table, frames, bounds, weights: ones };
      this.#large.add(batch);
      this.#small.add(batch);
    }
  }

  /** Compares the outputs; gives the number of distinct stacks and of runs that went to disk. */
  compare(): { readonly distinct: number; readonly spilledRuns: number } {
    const large = this.#large.finish();
    let ahead = Buffer.alloc(0);
    for (const piece of this.#small.finish()) {
      let expected = ahead;
      while (expected.length < piece.length) {
        const next = large.next();
        if (next.done) break;
        expected = Buffer.concat([expected, next.value]);
      }
      strictEqual(Buffer.compare(expected.subarray(0, piece.length), piece), 0);
      ahead = expected.subarray(piece.length);
    }
    strictEqual(ahead.length, 0);
    strictEqual(large.next().value?.length ?? 0, 0);
    const { distinct, spilledRuns: none } = this.#large.summary();
    strictEqual(none, 0);
    return { distinct, spilledRuns: this.#small.summary().spilledRuns };
  }
}
