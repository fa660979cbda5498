import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { StackBatch } from './batch.ts';
import type { ParserOptions } from './options.ts';
import { TraceParser } from './parser.ts';
import type { ParserSummary } from './summary.ts';

/** Where the bytes of one trace come from. */
export interface ByteSource {
  /** Reads the next bytes into the start of `into` and tells how many; 0 at the end. */
  read(into: Uint8Array): number | Promise<number>;
}

/** Frames in a batch: about a megabyte of text. */
const BATCH_FRAMES = 1 << 14;
/** Bytes read at once: measured best, the piece is still in the cache when it is scanned. */
const PIECE = 1 << 16;
/** Bytes after which signals and timers get their turn, where the sources never wait. */
const TURN = 1 << 23;

/** A Readable of the {@link StackBatch}es of several traces, one after the other. */
export class TraceReader extends Readable {
  readonly #parser: TraceParser;
  readonly #batches: AsyncGenerator<StackBatch>;

  constructor(sources: Iterable<ByteSource> | AsyncIterable<ByteSource>, options: ParserOptions = {}) {
    super({ objectMode: true, highWaterMark: 1 });
    this.#parser = new TraceParser(options);
    this.#batches = readAll(this.#parser, sources);
  }

  /** What was read so far; final after `end`. */
  get summary(): ParserSummary {
    return this.#parser.summary();
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

/**
 * Reads traces straight into the parser's memory, which spares the copy and the buffers of a byte
 * stream. Fails with `ParserError`, or with what a source throws.
 */
export function readTraces(
  sources: Iterable<ByteSource> | AsyncIterable<ByteSource>,
  options: ParserOptions = {},
): TraceReader {
  return new TraceReader(sources, options);
}

async function* readAll(
  parser: TraceParser,
  sources: Iterable<ByteSource> | AsyncIterable<ByteSource>,
): AsyncGenerator<StackBatch> {
  let turn = TURN;
  for await (const source of sources) {
    for (;;) {
      const space = parser.space();
      const read = source.read(space.length > PIECE ? space.subarray(0, PIECE) : space);
      let length: number;
      if (typeof read === 'number') length = read;
      else {
        // A source that makes us wait may be a live one: hand on what there is.
        read.catch(() => undefined); // awaited below, unless nobody asks for more
        yield* parser.take();
        length = await read;
      }
      if (length === 0) break;
      parser.advance(length);
      if (parser.waiting >= BATCH_FRAMES) yield* parser.take();
      turn -= length;
      if (turn <= 0) {
        turn = TURN;
        await setImmediate();
      }
    }
    parser.endInput();
  }
  yield* parser.take();
}
