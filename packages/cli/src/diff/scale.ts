import { StackBatch } from '@stapflame/stacks';

/** The factor `of / by` by which to multiply the `before` profile's counts. */
export interface Scale {
  readonly of: number;
  readonly by: number;
}

/**
 * Scales one count. If the count is a whole number, the result is rounded down to a whole number, as in
 * difffolded.pl.
 */
function scaled(count: number, { of, by }: Scale): number {
  if (of === by || by === 0) return count;
  const value = (count * of) / by;
  return Number.isInteger(count) ? Math.floor(value) : value;
}

/** Scales the `before` profile's counts to make them comparable with the `after` profile's. */
export async function* scaledBefore(
  batches: AsyncIterable<StackBatch>,
  scaleOf: () => Scale,
): AsyncGenerator<StackBatch> {
  for await (const batch of batches) {
    const scale = scaleOf();
    const { table, frames, bounds, facts } = batch;
    const [before, after] = batch.weights as [Float64Array, Float64Array];
    yield new StackBatch({
      table,
      frames,
      bounds,
      weights: [before.map((count) => scaled(count, scale)), after],
      facts,
      release: () => batch.release(),
    });
  }
}
