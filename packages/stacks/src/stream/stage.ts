import { Transform, type TransformCallback, type TransformOptions } from 'node:stream';

/** A stage's synchronous core. */
export interface StageCore<In, Out> {
  /** Accepts a piece of input. */
  push(piece: In): void;
  /** Takes the output that became ready since the last call. A core with output only at the end lacks this method. */
  take?(): Iterable<Out>;
  /** Ends the input and returns the remaining output. */
  finish(): Iterable<Out>;
  /** Removes temporary files. Called once, however the stage ends. */
  dispose?(): void;
}

/** The most batches that may wait before or after a stage. A slow reader slows down the source. */
export const WAITING_BATCHES = 2;
/** The most bytes of output that may wait after a stage. */
export const WAITING_BYTES: number = 1 << 17;

/**
 * A Transform over a core. At the end, output is pushed only as fast as it is read, and the event loop runs whenever
 * the reader has enough, so that signals are handled during a long flush.
 */
export class StageStream<In, Out> extends Transform {
  readonly #core: StageCore<In, Out>;
  #output: Iterator<Out> | undefined;
  #flushed: TransformCallback | undefined;

  constructor(core: StageCore<In, Out>, options: TransformOptions) {
    super(options);
    this.#core = core;
  }

  override _transform(piece: In, _encoding: BufferEncoding, done: TransformCallback): void {
    let failure: Error | null = null;
    try {
      this.#core.push(piece);
      for (const output of this.#core.take?.() ?? []) this.push(output);
    } catch (error) {
      failure = error as Error;
    }
    done(failure);
  }

  override _flush(done: TransformCallback): void {
    this.#flushed = done;
    try {
      this.#output = this.#core.finish()[Symbol.iterator]();
    } catch (error) {
      done(error as Error);
      return;
    }
    this.#pump();
  }

  override _read(size: number): void {
    if (this.#output) setImmediate(() => this.destroyed || this.#pump());
    else super._read(size);
  }

  /** Pushes until the reader has enough; `_read` continues from there. */
  #pump(): void {
    try {
      for (let next = this.#output!.next(); !next.done; next = this.#output!.next())
        if (!this.push(next.value)) return;
    } catch (error) {
      this.#flushed!(error as Error);
      return;
    }
    this.#flushed!();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#core.dispose?.();
    done(error);
  }
}
