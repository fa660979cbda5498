import type { StackBatch } from '@stapflame/stacks';
import { StageStream, WAITING_BATCHES } from '@stapflame/stacks/stream';
import type { CallTreeOptions } from './options.ts';
import { CallTreeBuilder, type CallTree } from './tree.ts';

/** A Transform from sorted stacks to one tree, which is emitted at the end. Fails with `CallTreeError`. */
export type CallTreeStream = StageStream<StackBatch, CallTree>;

/** A stage that makes a tree from stacks, which must be sorted frame by frame. */
export function createCallTree(options: CallTreeOptions = {}): CallTreeStream {
  const builder = new CallTreeBuilder(options);
  return new StageStream<StackBatch, CallTree>(
    { push: (batch) => builder.push(batch), finish: () => [builder.tree()] },
    { objectMode: true, writableHighWaterMark: WAITING_BATCHES },
  );
}
