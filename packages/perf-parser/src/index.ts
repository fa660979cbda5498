/** The core, without streams and without Node modules: bytes in, batches of stacks out. */
export { PerfParser, type PerfSummary } from './parser.ts';
/** A Transform from `perf script` output to batches, and a Readable of the batches from several such outputs. */
export { createPerfParser, readPerf } from './stream.ts';
/** The error that the parser throws. */
export { PerfError, type PerfErrorCode } from './errors.ts';
/** How to select samples, and how to label frames. */
export type { LabelOptions, PerfOptions } from './options.ts';
