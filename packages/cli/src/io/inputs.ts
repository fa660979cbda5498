import type { Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { fstatSync, readSync } from 'node:fs';
import { CliError, Exit } from '../exit.ts';
import { isatty } from 'node:tty';
import { forTerminal } from '../terminal.ts';
import { PipeReader } from './pipe.ts';
import { isDamage, packingOf, unpack } from './unpack.ts';

/** The name that stands for standard input. */
export const STDIN = '-';

/** One input of a command: bytes, and the start of them, to tell the user what came. */
export interface Input {
  readonly name: string;
  /** Reads the next bytes into the start of `into`; 0 at the end. */
  read(into: Uint8Array): number | Promise<number>;
  /** The first bytes, once read. */
  readonly head: Uint8Array;
  /** Size in bytes of a regular file, as it lies on disk. */
  readonly size: number | undefined;
  /** How many of them were read. */
  readonly bytesRead: number;
  /** Why the input ended before its time: its packing breaks off or is damaged. */
  readonly brokenOff: string | undefined;
}

const HEAD = 4096;
const PIECE = 1 << 16;
const LINE_FEED = 10;

/**
 * Opens each named file in turn, or standard input where none is named, unpacks it where it is packed, and
 * closes it when the next is asked for. Each is added to `opened`.
 */
export async function* openInputs(names: readonly string[], opened: Input[]): AsyncGenerator<Input> {
  if (names.length === 0 && isatty(0)) {
    throw new CliError(Exit.USAGE, 'no input: name a file, or pipe one in; stapflame --help has examples');
  }
  for (const name of names.length > 0 ? names : [STDIN]) {
    const handle = name === STDIN ? undefined : await openFile(name);
    const input = new DescriptorInput(name, handle?.fd ?? 0);
    try {
      await input.begin();
      opened.push(input);
      yield input;
    } finally {
      input.close();
      await handle?.close();
    }
  }
}

async function openFile(name: string): Promise<FileHandle> {
  try {
    const handle = await open(name, 'r');
    if (!(await handle.stat()).isDirectory()) return handle;
    await handle.close();
  } catch (error) {
    throw new CliError(Exit.NO_INPUT, `cannot open ${forTerminal(name)}: ${reason(error)}`, error);
  }
  throw new CliError(Exit.NO_INPUT, `cannot open ${forTerminal(name)}: it is a directory; name a file in it`);
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'no permission to read it';
  return forTerminal(message);
}

class DescriptorInput implements Input {
  readonly name: string;
  readonly size: number | undefined;
  head: Uint8Array = new Uint8Array(0);
  bytesRead = 0;
  brokenOff: string | undefined;
  readonly #descriptor: number;
  /** Where reading may have to wait. */
  readonly #pipe: PipeReader | undefined;
  /** The first piece, read to see what it is, until it is handed on. */
  #first: Uint8Array | undefined;
  /** Gives the unpacked bytes where the input is packed. */
  #unpacked: AsyncIterator<Uint8Array> | undefined;
  /** What was unpacked and not yet handed on. */
  #rest: Uint8Array = new Uint8Array(0);

  constructor(name: string, descriptor: number) {
    const stats: Stats = fstatSync(descriptor);
    this.name = name;
    this.#descriptor = descriptor;
    this.#pipe = mayWait(stats, descriptor) ? new PipeReader(descriptor) : undefined;
    this.size = stats.isFile() ? stats.size : undefined;
  }

  /** Reads the first piece, to see whether it is packed. */
  async begin(): Promise<void> {
    const piece = Buffer.allocUnsafe(PIECE);
    let length = 0;
    // a pipe may give its first bytes one by one
    while (length < 4) {
      const more = await this.#readRaw(piece.subarray(length));
      if (more === 0) break;
      length += more;
    }
    this.#first = piece.subarray(0, length);
    const packing = packingOf(this.#first);
    if (packing) this.#unpacked = unpack(packing, this.#packed(), forTerminal(this.name));
    else this.head = this.#first.subarray(0, HEAD);
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

  read(into: Uint8Array): number | Promise<number> {
    if (this.#unpacked) return this.#readUnpacked(into);
    const first = this.#first;
    if (first === undefined) return this.#readRaw(into);
    const length = Math.min(first.length, into.length);
    into.set(first.subarray(0, length));
    this.#first = length < first.length ? first.subarray(length) : undefined;
    return length > 0 ? length : this.#readRaw(into);
  }

  async #readUnpacked(into: Uint8Array): Promise<number> {
    try {
      while (this.#rest.length === 0) {
        const next = await this.#unpacked!.next();
        if (next.done) return 0;
        this.#rest = next.value;
        if (this.head.length === 0) this.head = this.#rest.slice(0, HEAD);
      }
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.brokenOff = `${forTerminal(this.name)} breaks off: ${(error as Error).message}`;
      return 0;
    }
    const length = Math.min(into.length, this.#rest.length);
    into.set(this.#rest.subarray(0, length));
    this.#rest = this.#rest.subarray(length);
    return length;
  }

  #readRaw(into: Uint8Array): number | Promise<number> {
    if (!this.#pipe) return this.#counted(readSync(this.#descriptor, into, 0, into.length, null));
    const read = this.#pipe.read(into);
    return typeof read === 'number' ? this.#counted(read) : read.then((length) => this.#counted(length));
  }

  #counted(length: number): number {
    this.bytesRead += length;
    return length;
  }

  close(): void {
    this.#pipe?.close();
  }
}

/** A regular file, or a device such as /dev/null, never makes us wait long. */
function mayWait(stats: Stats, descriptor: number): boolean {
  return stats.isFIFO() || stats.isSocket() || isatty(descriptor);
}

/** The bytes of all inputs in turn; a line never spans two of them. */
export async function* inputBytes(names: readonly string[], opened: Input[]): AsyncGenerator<Uint8Array> {
  for await (const input of openInputs(names, opened)) {
    let last = LINE_FEED;
    for (;;) {
      const piece = Buffer.allocUnsafe(PIECE);
      const length = await input.read(piece);
      if (length === 0) break;
      last = piece[length - 1]!;
      yield piece.subarray(0, length);
    }
    if (last !== LINE_FEED) yield Uint8Array.of(LINE_FEED);
  }
}
