/** The core, without streams and without Node modules: bytes in, batches of stacks out. */
export { PerfParser, type PerfSummary } from './parser.ts';
/** A Transform from the text of perf script to batches, and a Readable of the batches of several such texts. */
export { createPerfParser, readPerf } from './stream.ts';
/** The error of a parser. */
export { PerfError, type PerfErrorCode } from './errors.ts';
/** How samples are selected and how frames are labelled. */
export type { LabelOptions, PerfOptions } from './options.ts';
