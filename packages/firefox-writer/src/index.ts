/** Writes stacks as JSON for the Firefox Profiler: the synchronous writer, a Transform around it, and their error. */
export { FirefoxWriter } from './writer.ts';
export { createFirefoxWriter, type FirefoxWriterStream } from './stream.ts';
export type { FirefoxOptions } from './options.ts';
export { FirefoxError, type FirefoxErrorCode } from './errors.ts';
