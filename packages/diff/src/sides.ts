import { StackBatch } from '@stapflame/stacks';

/** One of the two profiles being compared. */
export type Side = 'before' | 'after';

/**
 * Returns a batch with two columns. One side has the weights of the given batch, and the other side has zeros. All
 * other arrays are shared with the given batch.
 */
export function onSide(batch: StackBatch, side: Side): StackBatch {
  const { table, frames, bounds, facts } = batch;
  const own = batch.weights.at(-1)!;
  const none = new Float64Array(batch.length);
  return new StackBatch({
    table,
    frames,
    bounds,
    weights: side === 'before' ? [own, none] : [none, own],
    facts,
    release: () => batch.release(),
  });
}
