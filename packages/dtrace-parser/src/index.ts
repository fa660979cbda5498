/** The synchronous core turns bytes into batches of stacks. It needs neither streams nor Node modules. */
export { DtraceParser, type DtraceSummary } from './parser.ts';
/** A Transform that turns dtrace output into batches, and a Readable that reads several dtrace outputs. */
export { createDtraceParser, readDtrace } from './stream.ts';
/** The error thrown by the parser. */
export { DtraceError, type DtraceErrorCode } from './errors.ts';
/** The parser's options: how to label frames, and limits. */
export type { DtraceOptions } from './options.ts';
