import { realpathSync, rmSync, statSync, write } from 'node:fs';
import { open, rename, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
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
}

/**
 * Standard output, or a file that gets its name only when it is whole: written beside it and renamed.
 * What is no regular file (`/dev/null`, a named pipe) is written in place.
 */
export async function openOutput(file: string | undefined, inputs: readonly string[]): Promise<Output> {
  if (file === undefined || file === STDIN) return new DescriptorOutput(STDOUT);
  refuseInput(file, inputs);
  const present = statSync(file, { throwIfNoEntry: false });
  const inPlace = present !== undefined && !present.isFile();
  const target = present?.isFile() ? realpathSync(file) : file;
  const path = inPlace ? file : join(dirname(target), `.${basename(target)}.${process.pid}.part`);
  const mode = present ? present.mode & 0o777 : 0o666;
  const handle = await open(path, inPlace ? 'w' : 'wx', mode).catch((error: Error) => {
    throw new CliError(Exit.IO, `cannot write ${forTerminal(file)}: ${forTerminal(error.message)}`, error);
  });
  return inPlace ? new DescriptorOutput(handle.fd, handle) : new BesideOutput(handle, path, target);
}

const STDOUT = 1;
/** How long to wait, in milliseconds, where a reader has made our standard output not wait for it. */
const BUSY = 5;

class DescriptorOutput implements Output {
  readonly #descriptor: number;
  readonly #handle: FileHandle | undefined;

  constructor(descriptor: number, handle?: FileHandle) {
    this.#descriptor = descriptor;
    this.#handle = handle;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) at += await this.#writeSome(bytes, at);
  }

  async #writeSome(bytes: Uint8Array, at: number): Promise<number> {
    try {
      return await writeBytes(this.#descriptor, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
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
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

class BesideOutput extends DescriptorOutput {
  readonly #path: string;
  readonly #target: string;
  /**
   * A signal ends the process as it always does, but leaves no half-written file. Where the command listens,
   * too, it ends in its own way.
   */
  readonly #onSignal = (signal: NodeJS.Signals): void => {
    if (process.listenerCount(signal) > 1) return;
    this.#ignoreSignals();
    rmSync(this.#path, { force: true });
    process.kill(process.pid, signal);
  };

  constructor(handle: FileHandle, path: string, target: string) {
    super(handle.fd, handle);
    this.#path = path;
    this.#target = target;
    for (const signal of SIGNALS) process.on(signal, this.#onSignal);
  }

  #ignoreSignals(): void {
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
  }

  override async commit(): Promise<void> {
    await super.commit();
    await rename(this.#path, this.#target);
    this.#ignoreSignals();
  }

  override async abandon(): Promise<void> {
    await super.abandon();
    await unlink(this.#path).catch(() => undefined);
    this.#ignoreSignals();
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

function refuseInput(file: string, inputs: readonly string[]): void {
  const output = statSync(file, { throwIfNoEntry: false });
  if (!output?.isFile()) return;
  for (const name of inputs) {
    const input = name === STDIN ? undefined : statSync(name, { throwIfNoEntry: false });
    if (input && input.ino === output.ino && input.dev === output.dev) {
      throw new CliError(
        Exit.USAGE,
        `${forTerminal(file)} is both input and output; choose another name for -o`,
      );
    }
  }
}
