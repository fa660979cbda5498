import { StackBatch } from '@stapflame/stacks';

export type Side = 'before' | 'after';

/** The batch with two columns: its weights on one side, zeros on the other. It uses the same arrays as the batch. */
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
