/** The core, without streams and without Node modules: bytes in, batches of stacks out. */
export { DtraceParser, type DtraceSummary } from './parser.ts';
/** A Transform from dtrace output to batches, and a Readable of the batches from several outputs. */
export { createDtraceParser, readDtrace } from './stream.ts';
/** The error that the parser throws. */
export { DtraceError, type DtraceErrorCode } from './errors.ts';
/** How to label frames, and the limits. */
export type { DtraceOptions } from './options.ts';
