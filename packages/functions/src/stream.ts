import type { StackBatch } from '@stapflame/stacks';
import { StageStream, WAITING_BATCHES } from '@stapflame/stacks/stream';
import { FunctionCounter, type FunctionTable } from './counter.ts';
import type { FunctionOptions } from './options.ts';

/** A Transform that reads stacks and emits one table of functions when the input ends. Errors are `FunctionsError`s. */
export type FunctionStream = StageStream<StackBatch, FunctionTable>;

/** Creates a stage that lists the most expensive functions, or matching functions with their callers and callees. */
export function createFunctionTable(options: FunctionOptions = {}): FunctionStream {
  const counter = new FunctionCounter(options);
  return new StageStream<StackBatch, FunctionTable>(
    { push: (batch) => counter.push(batch), finish: () => [counter.table()] },
    { objectMode: true, writableHighWaterMark: WAITING_BATCHES },
  );
}
