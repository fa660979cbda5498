import type { Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { fstatSync, read, readSync } from 'node:fs';
import { CliError, Exit } from '../exit.ts';
import { forTerminal } from '../terminal.ts';

/** The name that stands for standard input. */
export const STDIN = '-';

/** One input of a command: bytes, and the start of them, to tell the user what came. */
export interface Input {
  readonly name: string;
  /** Reads the next bytes into the start of `into`; 0 at the end. */
  read(into: Uint8Array): number | Promise<number>;
  /** The first bytes, once read. */
  readonly head: Uint8Array;
  /** Size in bytes of a regular file. */
  readonly size: number | undefined;
}

const HEAD = 4096;
const PIECE = 1 << 18;
const LINE_FEED = 10;

/** Opens each named file in turn, or standard input where none is named; closes it when the next is asked for. */
export async function* openInputs(names: readonly string[], opened: Input[] = []): AsyncGenerator<Input> {
  for (const name of names.length > 0 ? names : [STDIN]) {
    const handle = name === STDIN ? undefined : await openFile(name);
    try {
      const input = new DescriptorInput(name, handle?.fd ?? 0);
      opened.push(input);
      yield input;
    } finally {
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
  readonly #descriptor: number;
  /** Where to read next in a regular file given by name; our own offset on standard input is the shell's. */
  readonly #regular: boolean;

  constructor(name: string, descriptor: number) {
    const stats: Stats = fstatSync(descriptor);
    this.name = name;
    this.#descriptor = descriptor;
    this.#regular = stats.isFile();
    this.size = this.#regular ? stats.size : undefined;
  }

  /** A regular file never makes us wait long; a pipe or a terminal may, and must not hold up signals. */
  read(into: Uint8Array): number | Promise<number> {
    if (this.#regular) return this.#seen(into, readSync(this.#descriptor, into, 0, into.length, null));
    return new Promise((resolve, reject) => {
      const attempt = (): void =>
        read(this.#descriptor, into, 0, into.length, null, (error, length) => {
          if (!error) resolve(this.#seen(into, length));
          else if (error.code === 'EOF') resolve(0);
          else if (error.code === 'EAGAIN') setTimeout(attempt, 10);
          else reject(error);
        });
      attempt();
    });
  }

  #seen(into: Uint8Array, length: number): number {
    if (this.head.length < HEAD && length > 0) {
      this.head = Buffer.concat([this.head, into.subarray(0, Math.min(length, HEAD - this.head.length))]);
    }
    return length;
  }
}

/** The bytes of all inputs in turn; a line never spans two of them. */
export async function* inputBytes(names: readonly string[]): AsyncGenerator<Uint8Array> {
  for await (const input of openInputs(names)) {
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
