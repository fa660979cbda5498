/** The core, without streams and without Node modules: bytes in, batches of stacks out. */
export {
  combineParts,
  findCut,
  isSameInParts,
  SHAPE_BYTES,
  shapeOf,
  trailerLength,
  type TracePart,
  type TraceShape,
} from './parts.ts';
export { combineTraces, hasChangingHeads, type TraceRead } from './combine.ts';
export { TraceParser } from './parser.ts';
/** A Transform from one trace's bytes to batches. */
export { createParser, type TraceParserStream } from './stream.ts';
/** A Readable of the batches from several traces, which are read straight into the parser's memory. */
export { readTraces, type TraceReader } from './stream.ts';
/** Iterates over a stream's stacks one by one, for `for await`. */
export { samples } from './stream.ts';
/** The error that the parser throws. */
export { ParserError, type ParserErrorCode } from './errors.ts';
/** How to read traces, and how to label frames. */
export type { ParserOptions } from './options.ts';
export type { LabelOptions } from '@stapflame/stacks';
/** A summary of what was read, what was lost, and why. */
export type { Damage, DamageReason, Diagnostic, Hint, ParserSummary, TraceLine } from './summary.ts';
