import { Writable } from 'node:stream';
import type { StackColumns } from './batch.ts';
import { StackFolder, type FolderSummary } from './folder.ts';
import type { FolderOptions } from './options.ts';
import { spillFiles } from './spill-files.ts';

/** Takes a piece of folded text, which is void when the promise resolves. */
export type WriteText = (text: Uint8Array) => Promise<void>;

/** A Writable of batches of stacks that writes the folded text by a function when all have come. */
export class FoldWriterStream extends Writable {
  readonly #folder: StackFolder;
  readonly #write: WriteText;

  constructor(write: WriteText, options: FolderOptions = {}) {
    super({ objectMode: true, highWaterMark: 2 });
    this.#folder = new StackFolder(spillFiles(options.tmpdir), options);
    this.#write = write;
  }

  /** What was folded so far; final after `finish`. */
  get summary(): FolderSummary {
    return this.#folder.summary();
  }

  override _write(
    batch: StackColumns,
    _encoding: BufferEncoding,
    done: (error?: Error | null) => void,
  ): void {
    let failure: Error | null = null;
    try {
      this.#folder.add(batch);
    } catch (error) {
      failure = error as Error;
    }
    done(failure);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#writeAll().then(() => done(), done);
  }

  async #writeAll(): Promise<void> {
    for (const text of this.#folder.finishInPlace()) await this.#write(text);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#folder.remove();
    done(error);
  }
}

/**
 * The folder as the end of a pipeline: the text goes straight to `write`, from one buffer, where a stream
 * would need a new one for each chunk.
 */
export function createFoldWriter(write: WriteText, options: FolderOptions = {}): FoldWriterStream {
  return new FoldWriterStream(write, options);
}
