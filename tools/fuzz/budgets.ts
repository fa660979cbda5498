import { strictEqual } from 'node:assert/strict';
import { MIN_MEMORY, StackFolder } from '@stapflame/folder';
import { FoldedWriter, StackBatch } from '@stapflame/stacks';
import { spillFiles } from '@stapflame/stacks/stream';

/** Folds the same stacks with a folder that keeps everything in memory, and with one that spills as often as it can. */
export class Budgets {
  readonly #large = new StackFolder(spillFiles(), { memory: 1 << 28 });
  readonly #small = new StackFolder(spillFiles(), { memory: MIN_MEMORY });

  add(batches: readonly StackBatch[]): void {
    for (const { table, frames, bounds, weights } of batches) {
      // another test covers sums of large counts
      const ones = weights.map((column) => new Float64Array(column.length).fill(1));
      const batch = new StackBatch({ table, frames, bounds, weights: ones });
      this.#large.push(batch);
      this.#small.push(batch);
    }
  }

  /** Compares the outputs; returns the number of distinct stacks and of runs written to disk. */
  compare(): { readonly distinct: number; readonly spilledRuns: number } {
    const large = piecesOf(this.#large);
    let ahead = Buffer.alloc(0);
    for (const piece of piecesOf(this.#small)) {
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

/** A folder's output as folded text, in pieces. */
function* piecesOf(folder: StackFolder): Generator<Uint8Array> {
  const writer = new FoldedWriter();
  for (const batch of folder.finish()) for (const piece of writer.write(batch)) yield piece.slice();
}
