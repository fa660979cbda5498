/** Stacks in, the Firefox Profiler's JSON out: the core, a Transform around it, and their error. */
export { FirefoxWriter } from './writer.ts';
export { createFirefoxWriter, type FirefoxWriterStream } from './stream.ts';
export type { FirefoxOptions } from './options.ts';
export { FirefoxError, type FirefoxErrorCode } from './errors.ts';
