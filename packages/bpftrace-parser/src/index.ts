/** The synchronous core turns bytes into batches of stacks. It needs neither streams nor Node modules. */
export { BpftraceParser, type BpftraceSummary } from './parser.ts';
/** A Transform that turns bpftrace output into batches, and a Readable that reads several bpftrace outputs. */
export { createBpftraceParser, readBpftrace } from './stream.ts';
/** The error thrown by the parser. */
export { BpftraceError, type BpftraceErrorCode } from './errors.ts';
/** The parser's options: which map to read, how to label frames, and limits. */
export type { BpftraceOptions } from './options.ts';
