/** Stacks in, JSON of the Firefox Profiler out: the core, a Transform over it, and what they fail with. */
export { FirefoxWriter } from './writer.ts';
export { createFirefoxWriter, type FirefoxWriterStream } from './stream.ts';
export type { FirefoxOptions } from './options.ts';
export { FirefoxError, type FirefoxErrorCode } from './errors.ts';
