/** Stacks in, profile.proto out: the core, a Transform around it, and their error. */
export { PprofWriter } from './writer.ts';
export { createPprofWriter, type PprofWriterStream } from './stream.ts';
export { PprofError, type PprofErrorCode } from './errors.ts';
