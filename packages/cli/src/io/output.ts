import { rmSync, write } from 'node:fs';
import { open, rename, unlink, type FileHandle } from 'node:fs/promises';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { removeUnfinished, unfinishedName } from '@stapflame/stap-runner';
import { CliError, Exit } from '../exit.ts';
import { forTerminal } from '../terminal.ts';
import { descriptorName, refuseClosed, STDOUT } from './descriptors.ts';
import { destinationOf } from './destination.ts';
import { pathOf } from './file-names.ts';

/** The destination for a command's data. */
export interface Output {
  /** The number of bytes written so far. */
  readonly written: number;
  /** Writes all bytes of the array. The caller may reuse the array once the promise resolves. */
  write(bytes: Uint8Array): Promise<void>;
  /** Returns the output as a stream. */
  stream(): Writable;
  /** Renames the complete file to its final name. */
  commit(): Promise<void>;
  /** Removes the unfinished file. */
  abandon(): Promise<void>;
  /** Removes the unfinished file when the process is about to end. */
  leave(): void;
}

/** A new file's mode before the umask is applied. A file that replaces another gets the other's mode. */
const MODE = 0o666;

/**
 * Opens standard output or a file. The file is written under another name in the same directory, and renamed when it is
 * complete. An output that is already open (`/dev/stdout`) or is not a regular file (`/dev/null`, a named pipe) is
 * written in place.
 *
 * @param mode the file's permissions, even if the existing file has different ones
 */
export async function openOutput(file: string | undefined, mode?: number): Promise<Output> {
  try {
    const destination = destinationOf(file);
    if (destination.kind === 'descriptor') {
      refuseClosed(destination.descriptor);
      return new DescriptorOutput(descriptorName(destination.descriptor), destination.descriptor);
    }
    const { kind, path } = destination;
    if (kind === 'in place') {
      const handle = await open(pathOf(path), 'w');
      return new DescriptorOutput(file!, handle.fd, handle);
    }
    removeUnfinished(pathOf(dirname(path)));
    const beside = `${dirname(path)}/${unfinishedName()}`;
    const permissions = (mode ?? destination.stats?.mode ?? MODE) & 0o777;
    const handle = await open(pathOf(beside), 'wx', permissions);
    return new BesideOutput(file!, handle, beside, path);
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw cannotWrite(file!, error);
  }
}

/** Returns standard output without checking whether it is open. */
export function standardOutput(): Output {
  return new DescriptorOutput(descriptorName(STDOUT), STDOUT);
}

/** Milliseconds to wait before retrying when a reader has made our standard output non-blocking. */
const BUSY = 5;

function cannotWrite(name: string, error: unknown, written?: number): CliError {
  const { message, code, errno } = error as NodeJS.ErrnoException;
  const after = written === undefined ? '' : ` after ${written} bytes`;
  // Node has no name for the error EDQUOT.
  const isQuota = errno === -constants.errno.EDQUOT;
  // Remove the end of the message: a comma, the system call and the unfinished file's name.
  const reason = isQuota ? 'EDQUOT: disk quota exceeded' : message.replace(/, \w+(?: '.*)?$/s, '');
  const advice = isQuota ? ADVICE['EDQUOT'] : ADVICE[code ?? ''];
  const text = `cannot write ${forTerminal(name)}${after}: ${forTerminal(reason)}${advice ?? ''}`;
  return new CliError(Exit.IO, text, error);
}

const FULL = '; free some disk space there, or write somewhere else';
const CLOSED = '; the file is first written under another name, so its directory must be writable';
const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EFBIG: FULL,
  EACCES: CLOSED,
  EROFS: CLOSED,
};

class DescriptorOutput implements Output {
  readonly name: string;
  readonly #descriptor: number;
  readonly #handle: FileHandle | undefined;
  #written = 0;

  get written(): number {
    return this.#written;
  }

  constructor(name: string, descriptor: number, handle?: FileHandle) {
    this.name = name;
    this.#descriptor = descriptor;
    this.#handle = handle;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) at += await this.#writeSome(bytes, at);
  }

  async #writeSome(bytes: Uint8Array, at: number): Promise<number> {
    try {
      const written = await writeBytes(this.#descriptor, bytes, at);
      this.#written += written;
      return written;
    } catch (error) {
      if (isWithoutReader(error)) throw error;
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN')
        throw cannotWrite(this.name, error, this.#written);
      await setTimeout(BUSY);
      return 0;
    }
  }

  stream(): Writable {
    return new Writable({
      highWaterMark: 1 << 17,
      write: (chunk: Uint8Array, _encoding, done) => {
        this.write(chunk).then(() => done(), done);
      },
    });
  }

  async commit(): Promise<void> {
    await this.#handle?.close();
  }

  async abandon(): Promise<void> {
    await this.#handle?.close();
  }

  leave(): void {}
}

class BesideOutput extends DescriptorOutput {
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #target: string;

  constructor(name: string, handle: FileHandle, path: string, target: string) {
    super(name, handle.fd, handle);
    this.#handle = handle;
    this.#path = path;
    this.#target = target;
  }

  /** Flushes the file to disk before renaming it, because some file systems report only then that they are full. */
  override async commit(): Promise<void> {
    try {
      await this.#handle.datasync();
      await super.commit();
      await rename(pathOf(this.#path), pathOf(this.#target));
    } catch (error) {
      throw cannotWrite(this.name, error);
    }
  }

  override async abandon(): Promise<void> {
    await super.abandon();
    await unlink(pathOf(this.#path)).catch(() => undefined);
  }

  override leave(): void {
    rmSync(pathOf(this.#path), { force: true });
  }
}

/**
 * Whether the program that reads our output has closed the pipe or the socket, which is not an error. A socket that was
 * closed before everything in it was read is reset.
 */
export function isWithoutReader(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EPIPE' || code === 'ECONNRESET';
}

function writeBytes(descriptor: number, bytes: Uint8Array, at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(descriptor, bytes, at, bytes.length - at, null, (error, written) => {
      if (error) reject(error);
      else resolve(written);
    });
  });
}
