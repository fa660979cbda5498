import type { StackBatch } from '@stapflame/stacks';
import { StageStream, WAITING_BATCHES } from '@stapflame/stacks/stream';
import type { CallTreeOptions } from './options.ts';
import { CallTreeBuilder, type CallTree } from './tree.ts';

/** A Transform that reads sorted stacks and emits one tree when the input ends. Errors are `CallTreeError`s. */
export type CallTreeStream = StageStream<StackBatch, CallTree>;

/** Creates a stage that builds a tree from stacks. The stacks must be sorted frame by frame. */
export function createCallTree(options: CallTreeOptions = {}): CallTreeStream {
  const builder = new CallTreeBuilder(options);
  return new StageStream<StackBatch, CallTree>(
    { push: (batch) => builder.push(batch), finish: () => [builder.tree()] },
    { objectMode: true, writableHighWaterMark: WAITING_BATCHES },
  );
}
