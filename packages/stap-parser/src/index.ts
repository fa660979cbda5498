/** The core, which turns bytes into batches of stacks. It needs neither streams nor Node modules. */
export { TraceParser } from './parser.ts';
/** The summary and facts of several traces that were read separately. */
export { combineTraces, hasChangingHeads, type TraceRead } from './combine.ts';
/** The parser as a Transform that reads one trace's bytes and writes batches. */
export { createParser, type TraceParserStream } from './stream.ts';
/** The parser as a Readable that reads several traces directly into the parser's memory and returns batches. */
export { readTraces, type TraceReader } from './stream.ts';
/** Iterates over a stream's stacks one by one, with `for await`. */
export { samples } from './stream.ts';
/** The error that the parser throws. */
export { ParserError, type ParserErrorCode } from './errors.ts';
/** The options, which say how to read traces and label frames. */
export type { ParserOptions } from './options.ts';
export type { LabelOptions } from '@stapflame/stacks';
/** A summary of what was read, what was lost, and why. */
export type { Damage, DamageReason, Diagnostic, Hint, ParserSummary, TraceLine } from './summary.ts';
