/** A batch of stacks in columns, a function that makes one from plain samples, and the check on entry to each stage. */
export { batchOf, faultOf, StackBatch, type PlainSample, type Sample, type StackColumns } from './batch.ts';
/** Makes batches from stacks that are added one by one, and fills released arrays again. */
export { StackBuilder } from './builder.ts';
/** What is known about a frame, and tables of frames by number. */
export { FrameList, type Frame, type FrameTable } from './frames.ts';
/** What is known about all stacks together: it travels with the batches. */
export { addLosses, combineFacts, isIncomplete, LOSSES, SAMPLES, type Facts, type Losses } from './facts.ts';
/** The error that this package throws; `code` says what is wrong. */
export { StacksError, type StacksErrorCode } from './errors.ts';

/** The rules for labels, which folded text can contain unchanged, and the labels that stand for something missing. */
export { CUT, DAMAGED, EMPTY, isLabel, isLeafLabel, labelOf, leafLabelOf, UNKNOWN } from './label.ts';
/** Makes a frame's label from its symbol, module, offset and address. */
export { frameLabel, type LabelOptions, type Nameable } from './frame-label.ts';
/** The order of labels: by their UTF-8 bytes. */
export { compareNames } from './order.ts';
/** Weights and their sums, without the rounding errors of doubles. */
export { decimalPlaces, EXACT_MAX, isWeight, roundedSum, WeightSum, weightText } from './weight.ts';
/** Sums as shares of the whole, with their confidence intervals. */
export { ShareSums, type Share, type Whole } from './shares.ts';
export { wilson, type Interval } from './wilson.ts';

/** Reads folded text: bytes in, batches out. */
export { FoldedReader, type FoldedReaderSummary } from './folded/reader.ts';
/** Writes folded text: batches in, bytes out. */
export { FoldedWriter, type FoldedWriterOptions } from './folded/writer.ts';
/** The comment lines in folded text that carry facts. */
export { factsText } from './folded/facts-text.ts';
/** Merges sorted folded texts line by line, and checks beforehand whether a text is sorted. */
export {
  SortedMerge,
  SortedSurveyor,
  type SortedMergeOptions,
  type SortedSurvey,
} from './folded/sorted-merge.ts';
/** The source of a sorted text's bytes. */
export type { GrowingText, TextSource } from './folded/sorted-lines.ts';

/** Which frames and stacks to keep, and what was kept and left out. */
export type { FrameCondition, Selection, SelectionSummary } from './select/selection.ts';
/** Keeps only the selected parts of stacks. */
export { StackSelector } from './select/selector.ts';

/** The state of a text parser: the open record, the stacks of finished records, and a summary. */
export { Records, type RecordLimits } from './read/records.ts';
/** A summary of what a parser read and what was lost. */
export type { Damage, InputLine, ReadSummary, ReadTally } from './read/summary.ts';
/** The facts of all inputs that a parser has read. */
export type { InputFacts } from './read/input-facts.ts';
/** The frames that a parser made from lines. */
export type { LineFrames, SourceLine } from './read/line-frames.ts';

/** A table that finds names by their bytes, in typed arrays. */
export { ByteNames } from './byte-names.ts';
/** Numbers the keys of an output when they are first seen. */
export { Numbered } from './numbered.ts';
/** Text as bytes, and text that waits for its place in the output. */
export { TextBuffer } from './text-buffer.ts';
export { TextSpool } from './text-spool.ts';
/** Storage for a stage's data that does not fit into its memory. */
export type { SpillFile, SpillStore } from './spill.ts';
/** Removes characters that a terminal would act on. */
export { forTerminal } from './terminal.ts';
