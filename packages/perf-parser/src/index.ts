/** The core, which turns bytes into batches of stacks. It needs neither streams nor Node modules. */
export { PerfParser, type PerfSummary } from './parser.ts';
/** The parser as a Transform from `perf script` output to batches, and as a Readable that reads several outputs. */
export { createPerfParser, readPerf } from './stream.ts';
/** The error that the parser throws. */
export { PerfError, type PerfErrorCode } from './errors.ts';
/** The options, which select samples and say how to label frames. */
export type { LabelOptions, PerfOptions } from './options.ts';
