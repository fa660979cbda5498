/** The core, without streams and without Node modules: bytes in, batches of stacks out. */
export { DtraceParser, type DtraceSummary } from './parser.ts';
/** A Transform from the output of dtrace to batches, and a Readable of the batches of several outputs. */
export { createDtraceParser, readDtrace } from './stream.ts';
/** The error of a parser. */
export { DtraceError, type DtraceErrorCode } from './errors.ts';
/** How frames are labelled, and the limits. */
export type { DtraceOptions } from './options.ts';
