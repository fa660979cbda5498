import { Readable, type ReadableOptions } from 'node:stream';
import { setImmediate } from 'node:timers/promises';

/** Where the bytes of one input come from. */
export interface ByteSource {
  /** Reads the next bytes into the start of `into` and tells how many; 0 at the end. */
  read(into: Uint8Array): number | Promise<number>;
}

/** Byte sources that are read one after the other. */
export type ByteSources = Iterable<ByteSource> | AsyncIterable<ByteSource>;

/** The synchronous core of a reader, which lends its own memory to read into. */
export interface ReaderCore<Out> {
  /** Room for the next bytes. */
  space(): Uint8Array;
  /** Tells that `length` bytes were put at the start of the last `space()`. */
  advance(length: number): void;
  /** Ends the input. The bytes that follow are of another input. */
  endInput(): void;
  /** Takes what was read since the last call. */
  take(): Iterable<Out>;
  /** Whether enough has been read for a batch. */
  readonly full: boolean;
}

/** Bytes that are read at once. This measured best: the piece is still in the processor's cache when it is scanned. */
const PIECE = 1 << 16;
/** Bytes after which we yield to the event loop if the sources never wait. */
const TURN = 1 << 23;

/**
 * A Readable over byte sources that are read straight into the core's memory, which avoids the copy and the buffers of
 * a byte stream. It fails with the core's error, or with what a source throws.
 */
export class SourceReader<Out> extends Readable {
  readonly #output: AsyncGenerator<Out>;

  constructor(core: ReaderCore<Out>, sources: ByteSources, options: ReadableOptions = {}) {
    super({ objectMode: true, highWaterMark: 1, ...options });
    this.#output = readAll(core, sources);
  }

  override _read(): void {
    this.#output.next().then(
      ({ done, value }) => this.push(done ? null : value),
      (error: Error) => this.destroy(error),
    );
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
        // A source that makes us wait may be live, so pass on what there is.
        read.catch(() => undefined); // awaited below, unless nobody asks for more
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
