/** Stacks in, profile.proto out: the core, a Transform over it, and what they fail with. */
export { PprofWriter } from './writer.ts';
export { createPprofWriter, type PprofWriterStream } from './stream.ts';
export { PprofError, type PprofErrorCode } from './errors.ts';
