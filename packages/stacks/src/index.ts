/** A batch of stacks in columns, how to make one from plain samples, and the check on entry to each stage. */
export { batchOf, faultOf, StackBatch, type PlainSample, type Sample, type StackColumns } from './batch.ts';
/** Makes batches of stacks that are added one by one, and fills released arrays again. */
export { StackBuilder } from './builder.ts';
/** What is known of a frame, and tables of frames by number. */
export { FrameList, type Frame, type FrameTable } from './frames.ts';
/** What is known of all stacks as a whole: it travels with the batches. */
export { addLosses, combineFacts, isIncomplete, LOSSES, SAMPLES, type Facts, type Losses } from './facts.ts';
/** The error of everything in this package; `code` says what is wrong. */
export { StacksError, type StacksErrorCode } from './errors.ts';

/** The rule of labels: what folded text can carry as it is, and the labels that stand for something missing. */
export { CUT, DAMAGED, EMPTY, isLabel, isLeafLabel, labelOf, leafLabelOf, UNKNOWN } from './label.ts';
/** Makes the label of a frame from its symbol, module, offset and address. */
export { frameLabel, type LabelOptions, type Nameable } from './frame-label.ts';
/** The order of labels: by their UTF-8 bytes. */
export { compareNames } from './order.ts';
/** Weights and their sums, without the error that doubles leave in them. */
export { decimalPlaces, EXACT_MAX, isWeight, roundedSum, WeightSum, weightText } from './weight.ts';
/** Sums as shares of the whole, with the interval that sampling leaves open. */
export { ShareSums, type Share, type Whole } from './shares.ts';
export { wilson, type Interval } from './wilson.ts';

/** The reader of folded text: bytes in, batches out. */
export { FoldedReader, type FoldedReaderSummary } from './folded/reader.ts';
/** The writer of folded text: batches in, bytes out. */
export { FoldedWriter, type FoldedWriterOptions } from './folded/writer.ts';
/** The comment lines of folded text that carry facts. */
export { factsText } from './folded/facts-text.ts';
/** Merges sorted folded texts line by line, and finds out beforehand whether a text is sorted. */
export {
  SortedMerge,
  SortedSurveyor,
  type SortedMergeOptions,
  type SortedSurvey,
} from './folded/sorted-merge.ts';
/** Where the bytes of a sorted text come from. */
export type { TextSource } from './folded/sorted-lines.ts';

/** Which frames and stacks to keep, and what was kept and left out. */
export type { FrameCondition, Selection, SelectionSummary } from './select/selection.ts';
/** Keeps the parts of stacks that a selection asks for. */
export { StackSelector } from './select/selector.ts';

/** What a parser of text keeps: the open record, the stacks of the others, and a summary. */
export { Records, type RecordLimits } from './read/records.ts';
/** What a parser has read and lost. */
export type { Damage, InputLine, ReadSummary, ReadTally } from './read/summary.ts';
/** The facts of all inputs that a parser has read. */
export type { InputFacts } from './read/input-facts.ts';
/** The frames that a parser made of lines. */
export type { LineFrames, SourceLine } from './read/line-frames.ts';

/** A table of names by their bytes, in typed arrays. */
export { ByteNames } from './byte-names.ts';
/** Numbers the keys of an output when they are first seen. */
export { Numbered } from './numbered.ts';
/** Text as bytes, and text that waits for its place in the output. */
export { TextBuffer } from './text-buffer.ts';
export { TextSpool } from './text-spool.ts';
/** Where a stage stores data that does not fit into its memory. */
export type { SpillFile, SpillStore } from './spill.ts';
/** Text without anything that a terminal would act on. */
export { forTerminal } from './terminal.ts';
