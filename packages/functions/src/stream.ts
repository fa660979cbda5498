import type { StackBatch } from '@stapflame/stacks';
import { StageStream, WAITING_BATCHES } from '@stapflame/stacks/stream';
import { FunctionCounter, type FunctionTable } from './counter.ts';
import type { FunctionOptions } from './options.ts';

/** A Transform from stacks to one table of functions, which is emitted at the end. Fails with `FunctionsError`. */
export type FunctionStream = StageStream<StackBatch, FunctionTable>;

/** A stage that lists the costliest functions, or the matching functions with their callers and callees. */
export function createFunctionTable(options: FunctionOptions = {}): FunctionStream {
  const counter = new FunctionCounter(options);
  return new StageStream<StackBatch, FunctionTable>(
    { push: (batch) => counter.push(batch), finish: () => [counter.table()] },
    { objectMode: true, writableHighWaterMark: WAITING_BATCHES },
  );
}
