/** The core, without streams and without Node modules: bytes in, batches of stacks out. */
export { BpftraceParser, type BpftraceSummary } from './parser.ts';
/** A Transform from the output of bpftrace to batches, and a Readable of the batches of several outputs. */
export { createBpftraceParser, readBpftrace } from './stream.ts';
/** The error of a parser. */
export { BpftraceError, type BpftraceErrorCode } from './errors.ts';
/** Which map is read, how frames are labelled, and the limits. */
export type { BpftraceOptions } from './options.ts';
