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

/** Returns a descriptor's name for messages. */
export function descriptorName(descriptor: number): string {
  return STANDARD[descriptor] ?? `descriptor ${descriptor}`;
}

/** Returns the descriptor of this process that a path such as /dev/fd/3 or /proc/self/fd/3 refers to. */
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

/** Throws if a descriptor was not passed to this process. */
export function refuseClosed(descriptor: number): void {
  const why = whyClosed(descriptor);
  if (why !== undefined)
    throw new CliError(Exit.IO, `cannot write ${descriptorName(descriptor)}: it is ${why}`);
}

function whyClosed(descriptor: number): string | undefined {
  try {
    const stats = fstatSync(descriptor);
    if (isNodesNull(descriptor, stats) && wasClosedByShell(descriptor))
      return 'closed, or /dev/null opened for reading and writing; use -o /dev/null to discard the output';
  } catch {
    return 'not open';
  }
  return isNodesOwn(descriptor) ? 'not open' : undefined;
}

/** Device number of `/dev/null` on Linux. */
const NULL_DEVICE = 0x103;
/** Mask for the access mode in a descriptor's flags. */
const ACCESS = 0o3;
const READ_ONLY = 0o0;
const WRITE_ONLY = 0o1;
const READ_AND_WRITE = 0o2;

/**
 * Whether Node itself opened /dev/null as this descriptor. If one of the first three descriptors is closed, Node opens
 * /dev/null for reading and writing in its place when it starts. With `> /dev/null`, the shell opens it only for
 * writing.
 */
function isNodesNull(descriptor: number, { rdev }: Stats): boolean {
  return descriptor < STANDARD.length && isNullForBoth('/proc/self', descriptor, rdev);
}

function isNullForBoth(whose: string, descriptor: number, rdev: number): boolean {
  return rdev === NULL_DEVICE && accessOf(descriptor, whose) === READ_AND_WRITE;
}

const SHELL = /^(?:(?:ba|da|z|k|mk|c|tc|fi)?sh|busybox)$/;

/**
 * Whether a shell closed the descriptor (`>&-`). Programs that discard our output also open /dev/null for reading and
 * writing (Node's `stdio: 'ignore'`, Python's `DEVNULL`), which looks as if Node had opened it. To tell the two cases
 * apart, we look at the program that started us. Only shells start programs with closed descriptors, so that program
 * must be a shell, and must not itself have been started with such a /dev/null.
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

/** Whether Node opened a descriptor to wake its threads: an event, or a pipe with both ends in this process. */
function isNodesOwn(descriptor: number): boolean {
  const link = linkOf(descriptor) ?? '';
  if (link.startsWith('anon_inode:')) return true;
  return (
    link.startsWith('pipe:') &&
    readdirSync('/proc/self/fd').some((each) => linkOf(each) === link && accessOf(each) === READ_ONLY)
  );
}

/**
 * Returns the file that a descriptor refers to, or `undefined` if the descriptor is not open or the system does not
 * say.
 */
function linkOf(descriptor: number | string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return undefined;
  }
}

/** Returns a descriptor's access mode. If the system does not say, write-only is assumed. */
function accessOf(descriptor: number | string, whose = '/proc/self'): number {
  try {
    const [, flags] = /^flags:\s*(\d+)/m.exec(readFileSync(`${whose}/fdinfo/${descriptor}`, 'utf8')) ?? [];
    return Number.parseInt(flags!, 8) & ACCESS;
  } catch {
    return WRITE_ONLY;
  }
}
