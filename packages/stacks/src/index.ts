/** A batch of stacks in columns, a function that makes a batch from samples, and a check for each stage's input. */
export { batchOf, faultOf, StackBatch, type PlainSample, type Sample, type StackColumns } from './batch.ts';
/** Makes batches from stacks that are added one by one, and reuses the arrays of released batches. */
export { StackBuilder } from './builder.ts';
/** What is known about a frame, and tables of numbered frames. */
export { FrameList, type Frame, type FrameTable } from './frames.ts';
/** What is known about the stacks as a whole. These facts are passed on with the batches. */
export { addLosses, combineFacts, isIncomplete, LOSSES, SAMPLES, type Facts, type Losses } from './facts.ts';
/** The error that this package throws; `code` says what is wrong. */
export { StacksError, type StacksErrorCode } from './errors.ts';

/**
 * The rules that make labels safe to write to folded text unchanged, and the labels that stand for missing information.
 */
export { CUT, DAMAGED, EMPTY, isLabel, isLeafLabel, labelOf, leafLabelOf, UNKNOWN } from './label.ts';
/** Makes a frame's label from the frame's symbol, module, offset and address. */
export { frameLabel, type LabelOptions, type Nameable } from './frame-label.ts';
/** Compares labels by their UTF-8 bytes. */
export { compareNames } from './order.ts';
/** Weights, and sums of weights without floating-point rounding errors. */
export { decimalPlaces, EXACT_MAX, isWeight, roundedSum, WeightSum, weightText } from './weight.ts';
/** Sums of weights as shares of the whole, with confidence intervals. */
export { ShareSums, type Share, type Whole } from './shares.ts';
export { wilson, type Interval } from './wilson.ts';

/** Reads folded text into batches. */
export { FoldedReader, type FoldedReaderSummary } from './folded/reader.ts';
/** Writes batches as folded text. */
export { FoldedWriter, type FoldedWriterOptions } from './folded/writer.ts';
/** Writes facts as comment lines for folded text. */
export { factsText } from './folded/facts-text.ts';
/** Merges sorted folded text line by line, and checks beforehand whether an input is sorted. */
export {
  SortedMerge,
  SortedSurveyor,
  type SortedMergeOptions,
  type SortedSurvey,
} from './folded/sorted-merge.ts';
/** A source of sorted folded text. */
export type { GrowingText, TextSource } from './folded/sorted-lines.ts';

/** A selection of frames and stacks, and a summary of the weight kept and left out. */
export type { FrameCondition, Selection, SelectionSummary } from './select/selection.ts';
/** Keeps the selected parts of stacks. */
export { StackSelector } from './select/selector.ts';

/** The state shared by text parsers: the open record, the stacks of finished records, and a summary. */
export { Records, type RecordLimits } from './read/records.ts';
/** A summary of what a parser read and what was lost. */
export type { Damage, InputLine, ReadSummary, ReadTally } from './read/summary.ts';
/** The facts about all inputs that a parser has read. */
export type { InputFacts } from './read/input-facts.ts';
/** The frames that a parser made from lines. */
export type { LineFrames, SourceLine } from './read/line-frames.ts';

/** A table of names, stored as bytes in typed arrays. */
export { ByteNames } from './byte-names.ts';
/** Numbers an output's keys in order of first use. */
export { Numbered } from './numbered.ts';
/** Collects text as bytes, in memory or in a temporary file. */
export { TextBuffer } from './text-buffer.ts';
export { TextSpool } from './text-spool.ts';
/** Storage for a stage's data that does not fit in memory. */
export type { SpillFile, SpillStore } from './spill.ts';
/** Replaces characters that would control a terminal. */
export { forTerminal } from './terminal.ts';
