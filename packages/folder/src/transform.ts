import { Transform, type TransformCallback } from 'node:stream';
import type { StackColumns } from './batch.ts';
import { FoldedReader, type FoldedReaderSummary } from './read/folded-reader.ts';
import { StackFolder, type FolderSummary } from './folder.ts';
import type { FoldedReaderOptions, FolderOptions } from './options.ts';
import { spillFiles } from './spill-files.ts';

/** What a folder gives: folded text, or the same stacks in columns. */
export type FolderOutput = 'text' | 'columns';

/** A Transform that merges batches of stacks; all output comes at the end, as it is asked for. */
export class FolderStream extends Transform {
  readonly #folder: StackFolder;
  readonly #kind: FolderOutput;
  #output: Generator<Uint8Array | StackColumns> | undefined;
  #done: TransformCallback | undefined;

  constructor(options: FolderOptions = {}, output: FolderOutput = 'text') {
    super({
      writableObjectMode: true,
      writableHighWaterMark: 2,
      ...(output === 'text'
        ? { readableHighWaterMark: 1 << 17 }
        : { readableObjectMode: true, readableHighWaterMark: 2 }),
    });
    this.#kind = output;
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
    this.#output = this.#kind === 'text' ? this.#folder.finish() : this.#folder.finishColumns();
    this.#done = done;
    this.#pump();
  }

  override _read(size: number): void {
    // in a turn of the loop of its own: signals are heard while much is written
    if (this.#output) setImmediate(() => this.destroyed || this.#pump());
    else super._read(size);
  }

  /** Pushes until the reader has enough; `_read` goes on from there. */
  #pump(): void {
    try {
      for (let next = this.#output!.next(); !next.done; next = this.#output!.next()) {
        if (!isEmpty(next.value) && !this.push(next.value)) return;
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

/**
 * The same with batches out, sorted frame by frame: for a stage that takes stacks, such as a renderer, where
 * text would only be written to be read again.
 */
export function createMerger(options: FolderOptions = {}): FolderStream {
  return new FolderStream(options, 'columns');
}

function isEmpty(piece: Uint8Array | StackColumns): boolean {
  if (piece instanceof Uint8Array) return piece.length === 0;
  return piece.bounds.length < 2 && piece.comment === undefined;
}

/** A Transform from folded text to batches of stacks. */
export class FoldedReaderStream extends Transform {
  readonly #reader: FoldedReader;

  constructor(options: FoldedReaderOptions = {}) {
    super({ decodeStrings: true, readableObjectMode: true, readableHighWaterMark: 2 });
    this.#reader = new FoldedReader(options);
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
export function createFoldedReader(options: FoldedReaderOptions = {}): FoldedReaderStream {
  return new FoldedReaderStream(options);
}
