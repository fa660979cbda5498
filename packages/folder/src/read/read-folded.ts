import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { StackColumns } from '../batch.ts';
import type { FoldedReaderOptions } from '../options.ts';
import { FoldedReader, type FoldedReaderSummary } from './folded-reader.ts';

/** Where the bytes of one folded text come from. */
export interface ByteSource {
  /** Reads the next bytes into the start of `into` and tells how many; 0 at the end. */
  read(into: Uint8Array): number | Promise<number>;
}

/** Bytes read at once, into the same memory: a new piece each would be a gigabyte of garbage per gigabyte. */
const PIECE = 1 << 16;
/** Bytes after which signals and timers get their turn, where the sources never wait. */
const TURN = 1 << 23;

/** A Readable of the stacks of several folded texts, one after the other. */
export class FoldedTextReader extends Readable {
  readonly #reader: FoldedReader;
  readonly #batches: AsyncGenerator<StackColumns>;

  constructor(sources: Iterable<ByteSource> | AsyncIterable<ByteSource>, options: FoldedReaderOptions = {}) {
    super({ objectMode: true, highWaterMark: 1 });
    this.#reader = new FoldedReader(options);
    this.#batches = readAll(this.#reader, sources);
  }

  /** What was read so far; final after `end`. */
  get summary(): FoldedReaderSummary {
    return this.#reader.summary();
  }

  override _read(): void {
    this.#batches.next().then(
      ({ done, value }) => this.push(done ? null : value),
      (error: Error) => this.destroy(error),
    );
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#batches.return(undefined).then(
      () => done(error),
      (failure: Error) => done(error ?? failure),
    );
  }
}

/** Reads folded text of any order for the folder. Fails with `FolderError`, or with what a source throws. */
export function readFolded(
  sources: Iterable<ByteSource> | AsyncIterable<ByteSource>,
  options: FoldedReaderOptions = {},
): FoldedTextReader {
  return new FoldedTextReader(sources, options);
}

async function* readAll(
  reader: FoldedReader,
  sources: Iterable<ByteSource> | AsyncIterable<ByteSource>,
): AsyncGenerator<StackColumns> {
  const piece = new Uint8Array(PIECE);
  let turn = TURN;
  for await (const source of sources) {
    for (;;) {
      const read = source.read(piece);
      const length = typeof read === 'number' ? read : await read;
      if (length === 0) break;
      reader.push(piece.subarray(0, length));
      yield* reader.take();
      turn -= length;
      if (turn <= 0) {
        turn = TURN;
        await setImmediate();
      }
    }
    reader.endInput();
    yield* reader.take();
  }
}
