import { fstatSync, readdirSync, realpathSync, rmSync, statSync, write, type Stats } from 'node:fs';
import { open, rename, unlink, type FileHandle } from 'node:fs/promises';
import { constants, hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { CliError, Exit } from '../exit.ts';
import { forTerminal } from '../terminal.ts';
import { STDIN } from './inputs.ts';

/** Where a command writes its data. */
export interface Output {
  /** Writes all of the bytes, which are the caller's again when the promise resolves. */
  write(bytes: Uint8Array): Promise<void>;
  /** The same as a stream. */
  stream(): Writable;
  /** Makes the data visible under its name. */
  commit(): Promise<void>;
  /** Leaves nothing behind. */
  abandon(): Promise<void>;
  /** The same, where the process ends at once. */
  leave(): void;
}

/**
 * Standard output, or a file that gets its name only when it is whole: written beside it and renamed.
 * What is no regular file (`/dev/null`, a named pipe) is written in place.
 */
export async function openOutput(file: string | undefined, inputs: readonly string[]): Promise<Output> {
  if (file === undefined || file === STDIN) {
    refuseInput('standard output', fstatSync(STDOUT), inputs);
    return new DescriptorOutput('standard output', STDOUT);
  }
  const present = statsOf(file);
  if (present) refuseInput(file, present, inputs);
  try {
    if (present && !present.isFile()) {
      const handle = await open(file, 'w');
      return new DescriptorOutput(file, handle.fd, handle);
    }
    const target = present ? realpathSync(file) : file;
    removeStale(dirname(target));
    const path = join(dirname(target), `${OURS}${process.pid}-${++opened}.part`);
    const handle = await open(path, 'wx', present ? present.mode & 0o777 : 0o666);
    return new BesideOutput(file, handle, path, target);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

const STDOUT = 1;
/** How long to wait, in milliseconds, where a reader has made our standard output not wait for it. */
const BUSY = 5;
/** Files that are not yet whole: of which host and process, so that what a killed one left can be told. */
const OURS = `.stapflame-${hostname().replaceAll(/[^\w.-]/g, '_')}-`;
let opened = 0;

function cannotWrite(name: string, error: unknown, written?: number): CliError {
  const { message, code, errno } = error as NodeJS.ErrnoException;
  const after = written === undefined ? '' : ` after ${written} bytes`;
  // Node knows no name for this one
  const isQuota = errno === -constants.errno.EDQUOT;
  const reason = isQuota ? 'EDQUOT: disk quota exceeded' : message;
  const advice =
    isQuota || code === 'ENOSPC' || code === 'EFBIG' ? '; free space there, or write elsewhere' : '';
  return new CliError(
    Exit.IO,
    `cannot write ${forTerminal(name)}${after}: ${forTerminal(reason)}${advice}`,
    error,
  );
}

class DescriptorOutput implements Output {
  readonly name: string;
  readonly #descriptor: number;
  readonly #handle: FileHandle | undefined;
  #written = 0;

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
      const { code } = error as NodeJS.ErrnoException;
      // whoever read has seen enough: no failure of writing
      if (code === 'EPIPE') throw error;
      if (code !== 'EAGAIN') throw cannotWrite(this.name, error, this.#written);
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

  /** On disk before it has its name: some file systems tell only then that they are full. */
  override async commit(): Promise<void> {
    try {
      await this.#handle.datasync();
      await super.commit();
      await rename(this.#path, this.#target);
    } catch (error) {
      throw cannotWrite(this.name, error);
    }
  }

  override async abandon(): Promise<void> {
    await super.abandon();
    await unlink(this.#path).catch(() => undefined);
  }

  override leave(): void {
    rmSync(this.#path, { force: true });
  }
}

function writeBytes(descriptor: number, bytes: Uint8Array, at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(descriptor, bytes, at, bytes.length - at, null, (error, written) => {
      if (error) reject(error);
      else resolve(written);
    });
  });
}

/** Removes what runs on this host left that were killed before they could. */
function removeStale(directory: string): void {
  for (const name of entriesOf(directory)) {
    const pid = name.startsWith(OURS)
      ? /^(\d{1,10})-\d+\.part$/.exec(name.slice(OURS.length))?.[1]
      : undefined;
    if (pid === undefined || (Number(pid) !== process.pid && isAlive(Number(pid)))) continue;
    try {
      rmSync(join(directory, name), { force: true });
    } catch {
      // another user's
    }
  }
}

/** Nothing where the directory may be written but not read. */
function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Refuses to write a file that is read. */
function refuseInput(name: string, output: Stats, inputs: readonly string[]): void {
  if (!output.isFile()) return;
  for (const input of inputs.length > 0 ? inputs : [STDIN]) {
    const stats = input === STDIN ? fstatSync(0) : statsOf(input);
    if (stats?.ino === output.ino && stats.dev === output.dev)
      throw new CliError(
        Exit.USAGE,
        `${forTerminal(name)} is both input and output; choose another name for -o`,
      );
  }
}

/** `undefined` where there is none, or none that can be seen: opening it will tell. */
function statsOf(file: string): Stats | undefined {
  try {
    return statSync(file);
  } catch {
    return undefined;
  }
}
