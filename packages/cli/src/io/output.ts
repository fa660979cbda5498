import { createWriteStream, realpathSync, statSync } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { CliError, Exit } from '../exit.ts';
import { forTerminal } from '../terminal.ts';
import { STDIN } from './inputs.ts';

/** Where a command writes its data. */
export interface Output {
  readonly stream: Writable;
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
  if (file === undefined || file === STDIN) return standardOutput();
  refuseInput(file, inputs);
  const present = statSync(file, { throwIfNoEntry: false });
  const inPlace = present !== undefined && !present.isFile();
  const target = present?.isFile() ? realpathSync(file) : file;
  const path = inPlace ? file : join(dirname(target), `.${basename(target)}.${process.pid}.part`);
  const handle = await open(path, inPlace ? 'w' : 'wx', present ? present.mode & 0o777 : 0o666).catch(
    (error: Error) => {
      throw new CliError(Exit.IO, `cannot write ${forTerminal(file)}: ${forTerminal(error.message)}`, error);
    },
  );
  return {
    stream: createWriteStream(path, { fd: handle, highWaterMark: 1 << 17 }),
    commit: async () => {
      if (!inPlace) await rename(path, target);
    },
    abandon: async () => {
      if (!inPlace) await unlink(path).catch(() => undefined);
    },
  };
}

function standardOutput(): Output {
  // process.stdout cannot be ended; this stands before it and waits for it.
  const stream = new Writable({
    highWaterMark: 1 << 17,
    write(chunk: Uint8Array, _encoding, done) {
      process.stdout.write(chunk, done);
    },
  });
  const fail = (error: Error): void => void stream.destroy(error);
  process.stdout.once('error', fail);
  return { stream, commit: async () => undefined, abandon: async () => undefined };
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
