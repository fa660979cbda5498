export { StackBatch, type Sample } from './batch.ts';
export { ParserError, type ParserErrorCode } from './errors.ts';
export { FrameTable, type Frame } from './frame-table.ts';
export type { LabelOptions, ParserOptions } from './options.ts';
export { TraceParser } from './parser.ts';
export { readTraces, TraceReader, type ByteSource } from './read-traces.ts';
export type { Damage, DamageReason, Diagnostic, ParserSummary } from './summary.ts';
export { createParser, samples, TraceParserStream } from './transform.ts';
