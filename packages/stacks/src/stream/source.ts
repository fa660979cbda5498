import { Readable, type ReadableOptions } from 'node:stream';
import { setImmediate } from 'node:timers/promises';

/** A source of one input's bytes. */
export interface ByteSource {
  /** Reads the next bytes into the start of `into`. Returns their number, which is 0 at the end. */
  read(into: Uint8Array): number | Promise<number>;
}

/** Byte sources that are read one after another. */
export type ByteSources = Iterable<ByteSource> | AsyncIterable<ByteSource>;

/** A reader's synchronous core, which provides the memory for the input. */
export interface ReaderCore<Out> {
  /** Returns an empty buffer to read input into. */
  space(): Uint8Array;
  /** Processes the first `length` bytes of the buffer that `space()` returned last. */
  advance(length: number): void;
  /** Ends the input. Later bytes belong to another input. */
  endInput(): void;
  /** Returns the output that has become ready since the last call. */
  take(): Iterable<Out>;
  /** Whether enough input for a batch has been read. */
  readonly full: boolean;
}

/**
 * Number of bytes to read at a time. This size is the fastest, because the bytes are still in the CPU cache when they
 * are scanned.
 */
const PIECE = 1 << 16;
/** Number of bytes after which the reader yields to the event loop, even if no source returns a promise. */
const TURN = 1 << 23;

/**
 * A Readable that reads byte sources directly into the core's memory, without the copies and buffers of a byte stream.
 * The Readable fails if the core or a source fails.
 */
export class SourceReader<Out> extends Readable {
  #output: AsyncGenerator<Out>;

  constructor(core: ReaderCore<Out>, sources: ByteSources, options: ReadableOptions = {}) {
    super({ objectMode: true, highWaterMark: 1, ...options });
    this.#output = readAll(core, sources);
  }

  override _read(): void {
    this.#output.next().then(
      (next) => this.#pass(next),
      (error: Error) => this.destroy(error),
    );
  }

  #pass({ done, value }: IteratorResult<Out>): boolean {
    // the generator holds the core, whose memory is no longer needed
    if (done) this.#output = nothing();
    return this.push(done ? null : value);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#output.return(undefined).then(
      () => done(error),
      (failure: Error) => done(error ?? failure),
    );
  }
}

async function* readAll<Out>(core: ReaderCore<Out>, sources: ByteSources): AsyncGenerator<Out> {
  let turn = TURN;
  for await (const source of sources) {
    for (;;) {
      const space = core.space();
      const read = source.read(space.length > PIECE ? space.subarray(0, PIECE) : space);
      let length: number;
      if (typeof read === 'number') length = read;
      else {
        // A source that returns a promise may be live, so pass on the output that is ready.
        read.catch(() => undefined); // the promise is awaited below unless no more output is requested
        yield* core.take();
        length = await read;
      }
      if (length === 0) break;
      core.advance(length);
      if (core.full) yield* core.take();
      turn -= length;
      if (turn <= 0) {
        turn = TURN;
        await setImmediate();
      }
    }
    core.endInput();
  }
  yield* core.take();
}

async function* nothing(): AsyncGenerator<never> {}
