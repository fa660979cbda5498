/** Stacks in columns, and how they are made, selected and written as folded text: the contract between the stages. */
export { batchOf, faultOf, StackBatch, type PlainSample, type Sample, type StackColumns } from './batch.ts';
export { StackBuilder } from './builder.ts';
export { ByteNames } from './byte-names.ts';
export { StacksError, type StacksErrorCode } from './errors.ts';
export { addLosses, combineFacts, isIncomplete, LOSSES, SAMPLES, type Facts, type Losses } from './facts.ts';
export { FoldedReader, type FoldedReaderSummary } from './folded/reader.ts';
export {
  SortedMerge,
  SortedSurveyor,
  type SortedMergeOptions,
  type SortedSurvey,
} from './folded/sorted-merge.ts';
export type { TextSource } from './folded/sorted-lines.ts';
export { factsText } from './folded/facts-text.ts';
export { FoldedWriter, type FoldedWriterOptions } from './folded/writer.ts';
export { frameLabel, type LabelOptions, type Nameable } from './frame-label.ts';
export { FrameList, type Frame, type FrameTable } from './frames.ts';
export { CUT, DAMAGED, EMPTY, isLabel, isLeafLabel, labelOf, leafLabelOf, UNKNOWN } from './label.ts';
export { Numbered } from './numbered.ts';
export { compareNames } from './order.ts';
export type { LineFrames, SourceLine } from './read/line-frames.ts';
export { Records, type RecordLimits } from './read/records.ts';
export type { Damage, InputLine, ReadSummary, ReadTally } from './read/summary.ts';
export type { InputFacts } from './read/input-facts.ts';
export type { FrameCondition, Selection, SelectionSummary } from './select/selection.ts';
export { StackSelector } from './select/selector.ts';
export type { SpillFile, SpillStore } from './spill.ts';
export { forTerminal } from './terminal.ts';
export { TextBuffer } from './text-buffer.ts';
export { TextSpool } from './text-spool.ts';
export { decimalPlaces, EXACT_MAX, isWeight, roundedSum, WeightSum, weightText } from './weight.ts';
