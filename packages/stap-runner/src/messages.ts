import { PassThrough, type Readable } from 'node:stream';

/** Number of bytes kept from the end of the output, for finding out why a run ended. */
const TAIL_BYTES = 65_536;
/** Maximum number of bytes that may wait for a reader of `stderr`. */
const WAITING_BYTES = 1 << 20;

/**
 * Collects what the programs print to standard error. Their output is read even if `stderr` has no reader; otherwise, a
 * program that prints a lot would block. Output beyond the limits is dropped and counted.
 */
export class Messages {
  readonly stream: Readable;
  dropped = 0;
  readonly #out = new PassThrough({ highWaterMark: WAITING_BYTES });
  #tail = Buffer.alloc(0);

  constructor() {
    this.stream = this.#out;
  }

  add(chunk: Buffer): void {
    this.#tail = Buffer.concat([this.#tail, chunk]).subarray(-TAIL_BYTES);
    if (this.#out.writableLength + this.#out.readableLength + chunk.length > WAITING_BYTES)
      this.dropped += chunk.length;
    else this.#out.write(chunk);
  }

  end(): void {
    this.#out.end();
  }

  get tail(): Buffer {
    return this.#tail;
  }
}
