/** Writes stacks as a pprof profile (profile.proto): the synchronous writer, a Transform around it, and their error. */
export { PprofWriter } from './writer.ts';
export { createPprofWriter, type PprofWriterStream } from './stream.ts';
export { PprofError, type PprofErrorCode } from './errors.ts';
