/** Stacks in, speedscope's JSON out: the core, a Transform over it, and what they fail with. */
export { SpeedscopeWriter } from './writer.ts';
export { createSpeedscopeWriter, type SpeedscopeWriterStream } from './stream.ts';
export type { SpeedscopeOptions } from './options.ts';
export { SpeedscopeError, type SpeedscopeErrorCode } from './errors.ts';
