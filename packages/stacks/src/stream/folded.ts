import type { StackBatch } from '../batch.ts';
import { FoldedReader, type FoldedReaderSummary } from '../folded/reader.ts';
import { FoldedWriter, type FoldedWriterOptions } from '../folded/writer.ts';
import { ParserReader, ParserStream } from './parser.ts';
import type { ByteSources } from './source.ts';
import type { StageStream } from './stage.ts';
import { createWriter } from './writer.ts';

/** A Transform that reads folded text and writes batches of stacks. */
export type FoldedReaderStream = ParserStream<FoldedReaderSummary>;

/** A Readable that returns the stacks from several inputs of folded text, one after another. */
export type FoldedTextReader = ParserReader<FoldedReaderSummary>;

/** Creates a stage that reads folded text, which need not be sorted. Errors are `StacksError`s. */
export function createFoldedReader(): FoldedReaderStream {
  return new ParserStream(new FoldedReader());
}

/** Creates a Readable that reads inputs of folded text directly into its memory. Errors are `StacksError`s. */
export function readFolded(sources: ByteSources): FoldedTextReader {
  return new ParserReader(new FoldedReader(), sources);
}

/** Creates a Transform that writes stacks as folded text, one line for each stack. */
export function createFoldedWriter(options: FoldedWriterOptions = {}): StageStream<StackBatch, Uint8Array> {
  return createWriter(new FoldedWriter(options));
}
