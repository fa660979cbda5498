import type { StackBatch } from '../batch.ts';
import { FoldedReader, type FoldedReaderSummary } from '../folded/reader.ts';
import { FoldedWriter, type FoldedWriterOptions } from '../folded/writer.ts';
import { SourceReader, type ByteSources } from './source.ts';
import { StageStream, WAITING_BATCHES } from './stage.ts';
import { createWriter } from './writer.ts';

/** A Transform that reads folded text and writes batches of stacks. */
export class FoldedReaderStream extends StageStream<Uint8Array, StackBatch> {
  readonly #reader: FoldedReader;

  constructor() {
    const reader = new FoldedReader();
    super(reader, { decodeStrings: true, readableObjectMode: true, readableHighWaterMark: WAITING_BATCHES });
    this.#reader = reader;
  }

  /** A summary of what has been read so far. It is complete after the `end` event. */
  get summary(): FoldedReaderSummary {
    return this.#reader.summary();
  }
}

/** Creates a stage that reads folded text, which need not be sorted. Errors are `StacksError`s. */
export function createFoldedReader(): FoldedReaderStream {
  return new FoldedReaderStream();
}

/** A Readable that returns the stacks from several inputs of folded text, one after another. */
export class FoldedTextReader extends SourceReader<StackBatch> {
  readonly #reader: FoldedReader;

  constructor(sources: ByteSources) {
    const reader = new FoldedReader();
    super(reader, sources);
    this.#reader = reader;
  }

  /** A summary of what has been read so far. It is complete after the `end` event. */
  get summary(): FoldedReaderSummary {
    return this.#reader.summary();
  }
}

/** Creates a Readable that reads inputs of folded text directly into its memory. Errors are `StacksError`s. */
export function readFolded(sources: ByteSources): FoldedTextReader {
  return new FoldedTextReader(sources);
}

/** Creates a Transform that writes stacks as folded text, one line for each stack. */
export function createFoldedWriter(options: FoldedWriterOptions = {}): StageStream<StackBatch, Uint8Array> {
  return createWriter(new FoldedWriter(options));
}
