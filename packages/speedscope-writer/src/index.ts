/** Writes stacks as JSON for speedscope: the synchronous writer, a Transform around it, and their error. */
export { SpeedscopeWriter } from './writer.ts';
export { createSpeedscopeWriter, type SpeedscopeWriterStream } from './stream.ts';
export type { SpeedscopeOptions } from './options.ts';
export { SpeedscopeError, type SpeedscopeErrorCode } from './errors.ts';
