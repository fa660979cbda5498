import { Transform, type TransformCallback, type TransformOptions } from 'node:stream';

/** A stage's synchronous core. */
export interface StageCore<In, Out> {
  /** Processes a chunk of input. */
  push(piece: In): void;
  /** Returns the output that has become ready since the last call. Absent if a core has output only at the end. */
  take?(): Iterable<Out>;
  /** Ends the input, and returns the remaining output. */
  finish(): Iterable<Out>;
  /** Removes temporary files. This is called once, however the stage ends. */
  dispose?(): void;
}

/** Maximum number of batches buffered before or after a stage. With this limit, a slow reader slows down the source. */
export const WAITING_BATCHES = 2;
/** Maximum number of output bytes buffered after a stage. */
export const WAITING_BYTES: number = 1 << 17;

/**
 * A Transform for a stage's core. At the end of the input, output is pushed only as fast as it is read. Whenever the
 * buffer is full, the event loop runs, so that signals are handled during a long flush.
 */
export class StageStream<In, Out> extends Transform {
  #core: StageCore<In, Out>;
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

  /** Pushes output until the buffer is full. `_read` calls this method again when there is room. */
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
    // whoever keeps the stream should not keep the core's tables
    this.#core = ENDED;
    done(error);
  }
}

const ENDED: StageCore<unknown, never> = { push: () => undefined, finish: () => [] };
