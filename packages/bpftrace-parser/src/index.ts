/** The core, without streams and without Node modules: bytes in, batches of stacks out. */
export { BpftraceParser, type BpftraceSummary } from './parser.ts';
/** A Transform from bpftrace output to batches, and a Readable of the batches from several outputs. */
export { createBpftraceParser, readBpftrace } from './stream.ts';
/** The error that the parser throws. */
export { BpftraceError, type BpftraceErrorCode } from './errors.ts';
/** Which map to read, how to label frames, and the limits. */
export type { BpftraceOptions } from './options.ts';
