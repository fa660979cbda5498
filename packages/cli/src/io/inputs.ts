import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { CliError, Exit } from '../exit.ts';
import { forTerminal } from '../terminal.ts';
import { DescriptorInput } from './descriptor-input.ts';
import { pathOf } from './file-names.ts';
import { isTerminal } from './is-terminal.ts';
import { onFirstSignal } from './signals.ts';

/** The name for standard input. */
export const STDIN = '-';

/** An input of a command. Its first bytes show what kind of input it is. */
export interface Input {
  /** The name to show to the user. */
  readonly name: string;
  /** Reads ahead until `isEnough` returns true for `head`, `head` is full, or the input ends. */
  peek(isEnough: (head: Uint8Array) => boolean): Promise<void>;
  /** Reads the next bytes into the start of `into`. Returns the number of bytes read, or 0 at the end of the input. */
  read(into: Uint8Array): number | Promise<number>;
  /** The first bytes of the input, as far as they have been read. */
  readonly head: Uint8Array;
  /** Size on disk in bytes, if the input is a regular file. */
  readonly size: number | undefined;
  /** Number of bytes read so far. Compressed input is counted before it is decompressed. */
  readonly bytesRead: number;
  /** Why the input ended early: its compressed data is truncated, the file changed, or a signal interrupted reading. */
  readonly brokenOff: string | undefined;
}

/**
 * Opens the named files one after the other, or standard input if no file is named. Compressed files are decompressed.
 * Each file is added to `opened`, and closed when the next one is requested. After a signal, no more files are opened.
 *
 * @param lost called for a file that cannot be opened; all other files are still read. Without `lost`, a file that
 * cannot be opened is an error
 */
export async function* openInputs(
  names: readonly string[],
  opened: Input[],
  lost?: (error: CliError) => void,
): AsyncGenerator<Input> {
  if (names.length === 0 && isTerminal(0)) {
    throw new CliError(
      Exit.USAGE,
      'expected an input: name a file, or pipe data in; stapflame --help shows examples',
    );
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
      input.brokenOff ??= `${signal} interrupted reading before ${waiting.map(forTerminal).join(', ')}`;
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
 * Opens a file. Opening a named pipe does not wait for a writer. The event loop waits later, so signals are still
 * handled.
 */
function openFile(name: string): number {
  try {
    return openSync(pathOf(name), constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw new CliError(Exit.NO_INPUT, `cannot open ${forTerminal(name)}: ${reasonNotOpened(error)}`, error);
  }
}

/** Returns why a file cannot be opened. */
export function reasonNotOpened(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'ENXIO')
    return 'it is a socket, which cannot be opened by name; leave out the name to read standard input';
  if (code === 'EACCES') return 'no permission to read it';
  return forTerminal(message);
}

/** Device number of `/dev/null`, which is read as an empty file. */
const NULL_DEVICE = 0x103;

/** Throws if the descriptor is a directory, or a device other than /dev/null and terminals. */
function refuseKind(name: string, descriptor: number): void {
  const stats = fstatSync(descriptor);
  const device = stats.isBlockDevice() || (stats.isCharacterDevice() && stats.rdev !== NULL_DEVICE);
  if (!stats.isDirectory() && (!device || isTerminal(descriptor))) return;
  if (descriptor !== 0) closeSync(descriptor);
  const what = device ? 'a device; name a file or a pipe' : 'a directory; name a file in it';
  throw new CliError(Exit.NO_INPUT, `cannot open ${forTerminal(name)}: it is ${what}`);
}
