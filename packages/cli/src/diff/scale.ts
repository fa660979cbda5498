import { StackBatch } from '@stapflame/stacks';

/** What a count before has to be times, to be compared with one after: `of / by`. */
export interface Scale {
  readonly of: number;
  readonly by: number;
}

/** A count before on the scale of those after; a whole one stays whole, cut off as difffolded.pl does. */
export function scaled(count: number, { of, by }: Scale): number {
  if (of === by || by === 0) return count;
  const value = (count * of) / by;
  return Number.isInteger(count) ? Math.floor(value) : value;
}

/** Stacks whose counts before are on the scale of those after. */
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
