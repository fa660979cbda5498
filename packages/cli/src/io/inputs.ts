import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { CliError, Exit } from '../exit.ts';
import { forTerminal } from '../terminal.ts';
import { DescriptorInput } from './descriptor-input.ts';
import { pathOf } from './file-names.ts';
import { isTerminal } from './is-terminal.ts';
import { onFirstSignal } from './signals.ts';

/** The name that stands for standard input. */
export const STDIN = '-';

/** A command's input: its bytes, and the first of them, which show what kind of input it is. */
export interface Input {
  /** The name to show to the user. */
  readonly name: string;
  /** Reads ahead until `isEnough` accepts the head, the head is full, or the input ends. */
  peek(isEnough: (head: Uint8Array) => boolean): Promise<void>;
  /** Reads the next bytes into the start of `into`; 0 at the end. */
  read(into: Uint8Array): number | Promise<number>;
  /** The first bytes that have been read. */
  readonly head: Uint8Array;
  /** Size in bytes if it is a regular file, as stored on disk. */
  readonly size: number | undefined;
  /** How many of these bytes were read. */
  readonly bytesRead: number;
  /** Why the input ended early: its compressed data breaks off, the file changed, or a signal ended reading. */
  readonly brokenOff: string | undefined;
}

/**
 * Opens the named files one after the other, or standard input if no file is named. Unpacks packed files. Closes a file
 * when the next one is requested, and adds each to `opened`. After a signal, no more files are opened.
 *
 * @param lost called for a file that cannot be opened; the other files are still read. Without `lost`, such a file is
 * an error
 */
export async function* openInputs(
  names: readonly string[],
  opened: Input[],
  lost?: (error: CliError) => void,
): AsyncGenerator<Input> {
  if (names.length === 0 && isTerminal(0)) {
    throw new CliError(Exit.USAGE, 'no input: name a file, or pipe one in; stapflame --help has examples');
  }
  let signal: NodeJS.Signals | undefined;
  const release = onFirstSignal((received) => (signal = received));
  try {
    const waiting = names.length > 0 ? [...names] : [STDIN];
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const descriptor = openDescriptor(name, lost);
      if (descriptor === undefined) continue;
      const input = yield* openInput(name, descriptor, opened);
      if (signal === undefined || waiting.length === 0) continue;
      input.brokenOff ??= `${signal} ended reading before ${waiting.map(forTerminal).join(', ')}`;
      return;
    }
  } finally {
    release();
  }
}

function openDescriptor(name: string, lost?: (error: CliError) => void): number | undefined {
  try {
    const descriptor = name === STDIN ? 0 : openFile(name);
    refuseKind(name, descriptor);
    return descriptor;
  } catch (error) {
    if (!lost || !(error instanceof CliError)) throw error;
    lost(error);
    return undefined;
  }
}

async function* openInput(
  name: string,
  descriptor: number,
  opened: Input[],
): AsyncGenerator<Input, DescriptorInput> {
  const shown = name === STDIN ? 'standard input' : forTerminal(name);
  const input = await DescriptorInput.of(shown, descriptor);
  try {
    await input.begin();
    opened.push(input);
    yield input;
    return input;
  } finally {
    input.close();
  }
}

/**
 * Opens a named pipe without waiting for its writer. The event loop waits instead, so that signals are handled.
 */
function openFile(name: string): number {
  try {
    return openSync(pathOf(name), constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw new CliError(Exit.NO_INPUT, `cannot open ${forTerminal(name)}: ${reasonNotOpened(error)}`, error);
  }
}

/** Why a file cannot be opened. */
export function reasonNotOpened(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'ENXIO') return 'it is a socket, which has no name: for standard input, name no file';
  if (code === 'EACCES') return 'no permission to read it';
  return forTerminal(message);
}

/** `/dev/null`, which we treat as an empty file. */
const NULL_DEVICE = 0x103;

/** Refuses directories, and devices, which have no end or contain no text. */
function refuseKind(name: string, descriptor: number): void {
  const stats = fstatSync(descriptor);
  const device = stats.isBlockDevice() || (stats.isCharacterDevice() && stats.rdev !== NULL_DEVICE);
  if (!stats.isDirectory() && (!device || isTerminal(descriptor))) return;
  if (descriptor !== 0) closeSync(descriptor);
  const what = device ? 'a device; name a file or a pipe' : 'a directory; name a file in it';
  throw new CliError(Exit.NO_INPUT, `cannot open ${forTerminal(name)}: it is ${what}`);
}
