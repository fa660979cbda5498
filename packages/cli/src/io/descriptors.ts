import {
  fstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
  type Stats,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { CliError, Exit } from '../exit.ts';
import { pathOf } from './file-names.ts';

export const STDOUT = 1;
/** The names for standard input, output and error. */
const STANDARD = ['standard input', 'standard output', 'standard error'];

/** A descriptor's name, for messages. */
export function descriptorName(descriptor: number): string {
  return STANDARD[descriptor] ?? `descriptor ${descriptor}`;
}

/** The number of our open descriptor that a path names, such as /dev/fd/3 or /proc/self/fd/3. */
export function ownDescriptor(path: string): number | undefined {
  const number = basename(path);
  if (!/^\d{1,9}$/.test(number)) return undefined;
  const directory = realPath(dirname(path));
  const isOurs = ['/dev/fd', '/proc/self/fd', '/proc/thread-self/fd'].some(
    (ours) => directory !== undefined && directory === realPath(ours),
  );
  return isOurs ? Number(number) : undefined;
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(pathOf(path));
  } catch {
    return undefined;
  }
}

/** Refuses a descriptor that was not passed to this process. */
export function refuseClosed(descriptor: number): void {
  const why = whyClosed(descriptor);
  if (why !== undefined)
    throw new CliError(Exit.IO, `cannot write ${descriptorName(descriptor)}: it is ${why}`);
}

function whyClosed(descriptor: number): string | undefined {
  try {
    const stats = fstatSync(descriptor);
    if (isNodesNull(descriptor, stats) && wasClosedByShell(descriptor))
      return 'closed (or /dev/null for reading, too: -o /dev/null discards it)';
  } catch {
    return 'not open';
  }
  return isNodesOwn(descriptor) ? 'not open' : undefined;
}

/** `/dev/null` on Linux. */
const NULL_DEVICE = 0x103;
/** The access bits in the flags with which a file was opened. */
const ACCESS = 0o3;
const READ_ONLY = 0o0;
const WRITE_ONLY = 0o1;
const READ_AND_WRITE = 0o2;

/**
 * If one of the first three is closed, Node opens /dev/null in its place when it starts, for reading and writing. With
 * `> /dev/null`, the shell opens it only for writing.
 */
function isNodesNull(descriptor: number, { rdev }: Stats): boolean {
  return descriptor < STANDARD.length && isNullForBoth('/proc/self', descriptor, rdev);
}

function isNullForBoth(whose: string, descriptor: number, rdev: number): boolean {
  return rdev === NULL_DEVICE && accessOf(descriptor, whose) === READ_AND_WRITE;
}

const SHELL = /^(?:(?:ba|da|z|k|mk|c|tc|fi)?sh|busybox)$/;

/**
 * Programs that discard our output also open /dev/null for reading and writing (Node's `stdio: 'ignore'`, Python's
 * `DEVNULL`), which looks the same as when Node opens it. Only the program that started us lets us tell the two cases
 * apart: programs do not close the descriptors that they pass on. A shell does when asked to (`>&-`), so we check
 * whether the shell itself was started with such a /dev/null.
 */
function wasClosedByShell(descriptor: number): boolean {
  const parent = `/proc/${process.ppid}`;
  try {
    if (!SHELL.test(basename(readlinkSync(`${parent}/exe`)))) return false;
    const theirs = statSync(`${parent}/fd/${descriptor}`, { throwIfNoEntry: false });
    return theirs === undefined || !isNullForBoth(parent, descriptor, theirs.rdev);
  } catch {
    return false;
  }
}

/** Whether a descriptor is one by which Node wakes its threads: an event, or a pipe with both ends in this process. */
function isNodesOwn(descriptor: number): boolean {
  const link = linkOf(descriptor) ?? '';
  if (link.startsWith('anon_inode:')) return true;
  return (
    link.startsWith('pipe:') &&
    readdirSync('/proc/self/fd').some((each) => linkOf(each) === link && accessOf(each) === READ_ONLY)
  );
}

/** The file that a descriptor refers to; `undefined` if it is not open or the system does not say. */
function linkOf(descriptor: number | string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return undefined;
  }
}

/** How a descriptor was opened. If the system does not say, we assume only for writing. */
function accessOf(descriptor: number | string, whose = '/proc/self'): number {
  try {
    const [, flags] = /^flags:\s*(\d+)/m.exec(readFileSync(`${whose}/fdinfo/${descriptor}`, 'utf8')) ?? [];
    return Number.parseInt(flags!, 8) & ACCESS;
  } catch {
    return WRITE_ONLY;
  }
}
