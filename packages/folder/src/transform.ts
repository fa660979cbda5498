import { Transform, type TransformCallback } from 'node:stream';
import type { StackColumns } from './batch.ts';
import { FoldedReader, type FoldedReaderSummary } from './read/folded-reader.ts';
import { StackFolder, type FolderSummary } from './folder.ts';
import type { FolderOptions } from './options.ts';
import { spillFiles } from './spill-files.ts';

/** A Transform from batches of stacks to folded text; all output comes at the end, as it is asked for. */
export class FolderStream extends Transform {
  readonly #folder: StackFolder;
  #output: Generator<Uint8Array> | undefined;
  #done: TransformCallback | undefined;

  constructor(options: FolderOptions = {}) {
    super({ writableObjectMode: true, writableHighWaterMark: 2, readableHighWaterMark: 1 << 17 });
    this.#folder = new StackFolder(spillFiles(options.tmpdir), options);
  }

  /** What was folded so far; final after `end`. */
  get summary(): FolderSummary {
    return this.#folder.summary();
  }

  override _transform(batch: StackColumns, _encoding: BufferEncoding, done: TransformCallback): void {
    let failure: Error | null = null;
    try {
      this.#folder.add(batch);
    } catch (error) {
      failure = error as Error;
    }
    done(failure);
  }

  override _flush(done: TransformCallback): void {
    this.#output = this.#folder.finish();
    this.#done = done;
    this.#pump();
  }

  override _read(size: number): void {
    if (this.#output) this.#pump();
    else super._read(size);
  }

  /** Pushes until the reader has enough; `_read` goes on from there. */
  #pump(): void {
    try {
      for (let next = this.#output!.next(); !next.done; next = this.#output!.next()) {
        if (next.value.length > 0 && !this.push(next.value)) return;
      }
    } catch (error) {
      this.#done!(error as Error);
      return;
    }
    this.#done!();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#folder.remove();
    done(error);
  }
}

/**
 * A stage that merges equal stacks: batches in, folded text out (`root;…;leaf COUNT`), sorted frame by
 * frame. Memory is bounded by `memory`; beyond it temporary files are used. Fails with `FolderError`.
 */
export function createFolder(options: FolderOptions = {}): FolderStream {
  return new FolderStream(options);
}

/** A Transform from folded text to batches of stacks. */
export class FoldedReaderStream extends Transform {
  readonly #reader = new FoldedReader();

  constructor() {
    super({ decodeStrings: true, readableObjectMode: true, readableHighWaterMark: 2 });
  }

  /** What was read so far; final after `end`. */
  get summary(): FoldedReaderSummary {
    return this.#reader.summary();
  }

  override _transform(chunk: Uint8Array, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#run(() => this.#reader.push(chunk), done);
  }

  override _flush(done: TransformCallback): void {
    this.#run(() => this.#reader.endInput(), done);
  }

  #run(step: () => void, done: TransformCallback): void {
    let failure: Error | null = null;
    try {
      step();
    } catch (error) {
      failure = error as Error;
    }
    for (const batch of this.#reader.take()) this.push(batch);
    done(failure);
  }
}

/** A stage that reads folded text of any order for the folder. Fails with `FolderError`. */
export function createFoldedReader(): FoldedReaderStream {
  return new FoldedReaderStream();
}
