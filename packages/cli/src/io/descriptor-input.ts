import { closeSync, fstatSync, readSync, type BigIntStats } from 'node:fs';
import { CliError, Exit } from '../exit.ts';
import type { Input } from './inputs.ts';
import { isTerminal } from './is-terminal.ts';
import type { PipeReader } from './pipe.ts';
import { onFirstSignal } from './signals.ts';
import { keepHeapSmall } from './small-heap.ts';
import { isDamage, packingOf, unpack } from './unpack.ts';

const HEAD = 4096;
const TAIL = 256;
const PIECE = 1 << 16;
/**
 * Ctrl-C also reaches the program that writes to our pipe. We keep reading, because stap still has to print its trailer
 * and to unload its module. Reading stops after QUIET milliseconds without data, or after MOST milliseconds in total.
 */
const QUIET = 2000;
const MOST = 5000;
/** Matches the trailer, which is the last line that our scripts print. A trace that ends with it is complete. */
const TRAILER = /(?:^|\n)# stapflame end [^\n]*\n$/;

/** An input that is read from a descriptor, which may be a file, a pipe, a socket or a terminal. */
export class DescriptorInput implements Input {
  readonly name: string;
  readonly size: number | undefined;
  head: Uint8Array = new Uint8Array(0);
  bytesRead = 0;
  brokenOff: string | undefined;
  readonly #descriptor: number;
  readonly #stats: BigIntStats;
  /** Reads a pipe, a socket or a terminal; absent for files, which never make the reader wait. */
  readonly #pipe: PipeReader | undefined;
  /** The first chunk, which is read to recognise compressed input, and kept until `read` returns it. */
  #first: Uint8Array | undefined;
  /** Yields the decompressed bytes if the input is compressed. */
  #unpacked: AsyncIterator<Uint8Array> | undefined;
  /** Bytes that `peek` has read and `read` has not yet returned. */
  #ahead: Uint8Array = new Uint8Array(0);
  /** Decompressed bytes that have not been returned yet. */
  #rest: Uint8Array = new Uint8Array(0);
  /** The last bytes that were read from a pipe. */
  #tail: Uint8Array = new Uint8Array(0);
  #signal: NodeJS.Signals | undefined;
  readonly #patience: NodeJS.Timeout[] = [];
  readonly #release: () => void;

  private constructor(name: string, descriptor: number, stats: BigIntStats, pipe: PipeReader | undefined) {
    this.name = name;
    this.#descriptor = descriptor;
    this.#stats = stats;
    this.#pipe = pipe;
    this.size = stats.isFile() ? Number(stats.size) : undefined;
    this.#release = onFirstSignal((signal) => this.#interrupt(signal));
  }

  /**
   * Creates an input without reading from it. The pipe reader is loaded only when needed, because it needs Node's
   * network modules.
   */
  static async of(name: string, descriptor: number): Promise<DescriptorInput> {
    const stats = fstatSync(descriptor, { bigint: true });
    const mayWait = stats.isFIFO() || stats.isSocket() || isTerminal(descriptor);
    const pipe = mayWait ? new (await import('./pipe.ts')).PipeReader(descriptor) : undefined;
    return new DescriptorInput(name, descriptor, stats, pipe);
  }

  #interrupt(signal: NodeJS.Signals): void {
    const pipe = this.#pipe;
    this.#signal = signal;
    if (pipe)
      this.#patience.push(
        setTimeout(() => pipe.stop(), QUIET),
        setTimeout(() => pipe.stop(), MOST),
      );
  }

  /** Reads the first chunk to find out whether the input is compressed. */
  async begin(): Promise<void> {
    const piece = Buffer.allocUnsafe(PIECE);
    let length = 0;
    // A pipe may deliver its first bytes one at a time.
    while (length < 4) {
      const more = await this.#readRaw(piece.subarray(length));
      if (more === 0) break;
      length += more;
    }
    this.#first = piece.subarray(0, length);
    const packing = packingOf(this.#first);
    if (packing) this.#unpacked = unpack(packing, this.#packed(), this.name);
  }

  async *#packed(): AsyncGenerator<Uint8Array> {
    yield this.#first!;
    for (;;) {
      const piece = Buffer.allocUnsafe(PIECE);
      const length = await this.#readRaw(piece);
      if (length === 0) return;
      yield piece.subarray(0, length);
    }
  }

  async peek(isEnough: (head: Uint8Array) => boolean): Promise<void> {
    const piece = Buffer.allocUnsafe(HEAD);
    while (this.head.length < HEAD && !isEnough(this.head)) {
      const length = await this.#next(piece);
      if (length === 0) return;
      this.#ahead = Buffer.concat([this.#ahead, piece.subarray(0, length)]);
    }
  }

  read(into: Uint8Array): number | Promise<number> {
    if (this.#ahead.length === 0) return this.#next(into);
    const length = Math.min(this.#ahead.length, into.length);
    into.set(this.#ahead.subarray(0, length));
    this.#ahead = this.#ahead.subarray(length);
    return length;
  }

  #next(into: Uint8Array): number | Promise<number> {
    if (this.#unpacked) return this.#readUnpacked(into);
    const first = this.#first;
    if (first === undefined || first.length === 0) return this.#withHead(into, this.#readRaw(into));
    const length = Math.min(first.length, into.length);
    into.set(first.subarray(0, length));
    this.#first = length < first.length ? first.subarray(length) : undefined;
    return this.#withHead(into, length);
  }

  /** Copies returned bytes to `head` until it is full. */
  #withHead(into: Uint8Array, read: number | Promise<number>): number | Promise<number> {
    if (this.head.length >= HEAD) return read;
    if (typeof read !== 'number') return read.then((length) => this.#withHead(into, length));
    this.head = Buffer.concat([this.head, into.subarray(0, Math.min(read, HEAD - this.head.length))]);
    return read;
  }

  async #readUnpacked(into: Uint8Array): Promise<number> {
    try {
      while (this.#rest.length === 0) {
        const next = await this.#unpacked!.next();
        if (next.done) return 0;
        this.#rest = next.value;
      }
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.brokenOff ??= `${this.name} is truncated or damaged: ${(error as Error).message}`;
      return 0;
    }
    const length = Math.min(into.length, this.#rest.length);
    into.set(this.#rest.subarray(0, length));
    this.#rest = this.#rest.subarray(length);
    return this.#withHead(into, length);
  }

  #readRaw(into: Uint8Array): number | Promise<number> {
    if (this.#pipe) {
      const read = this.#pipe.read(into);
      return typeof read === 'number'
        ? this.#came(into, read)
        : read.then((length) => this.#came(into, length));
    }
    return this.#came(into, this.#signal === undefined ? this.#readFile(into) : 0);
  }

  #readFile(into: Uint8Array): number {
    try {
      return readSync(this.#descriptor, into, 0, into.length, null);
    } catch (error) {
      const text = `cannot read ${this.name} after ${this.bytesRead} bytes: ${(error as Error).message}`;
      throw new CliError(Exit.IO, text, error);
    }
  }

  #came(into: Uint8Array, length: number): number {
    if (length === 0) this.brokenOff ??= this.#whyEnded();
    else if (this.#pipe) {
      this.#patience[0]?.refresh();
      const last = into.subarray(Math.max(0, length - TAIL), length);
      this.#tail = Buffer.concat([this.#tail, last]).subarray(-TAIL);
    }
    this.bytesRead += length;
    keepHeapSmall(this.bytesRead);
    return length;
  }

  /** Returns why the input ended early, or `undefined` if it ended normally. */
  #whyEnded(): string | undefined {
    const { name } = this;
    if (this.#signal !== undefined)
      return TRAILER.test(Buffer.from(this.#tail).toString('latin1'))
        ? undefined
        : `${name}: ${this.#signal} interrupted reading after ${this.bytesRead} bytes`;
    if (this.size === undefined) return undefined;
    const before = this.#stats;
    const { size, mtimeNs } = fstatSync(this.#descriptor, { bigint: true });
    if (size === before.size && mtimeNs === before.mtimeNs) return undefined;
    const how = size === before.size ? 'was written to' : `changed from ${before.size} to ${size} bytes`;
    return `${name} ${how} while it was being read; read it again when it is complete`;
  }

  close(): void {
    for (const timer of this.#patience) clearTimeout(timer);
    this.#release();
    // The pipe reader closes the descriptor itself.
    if (this.#pipe) this.#pipe.close();
    else if (this.#descriptor !== 0) closeSync(this.#descriptor);
  }
}
