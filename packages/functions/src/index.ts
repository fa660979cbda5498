/** The core, without streams: batches of stacks in, a table out. */
export { FunctionCounter, type Calls, type FunctionRow, type FunctionTable } from './counter.ts';
export type { Edge } from './edges.ts';
/** A Transform around the core. */
export { createFunctionTable, type FunctionStream } from './stream.ts';
export type { FunctionOptions } from './options.ts';
/** The error that all of them throw. */
export { FunctionsError, type FunctionsErrorCode } from './errors.ts';
