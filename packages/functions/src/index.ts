/** The core, which builds a table from batches of stacks and uses no streams. */
export { FunctionCounter, type Calls, type FunctionRow, type FunctionTable } from './counter.ts';
export type { Edge } from './edges.ts';
/** The core as a Transform stream. */
export { createFunctionTable, type FunctionStream } from './stream.ts';
export type { FunctionOptions } from './options.ts';
/** The error thrown by this package. */
export { FunctionsError, type FunctionsErrorCode } from './errors.ts';
