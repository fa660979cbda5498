import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  rmSync,
  unlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The names of temporary directories and unfinished files identify the process that created them, so a later run can
 * remove what a killed run left behind:
 *
 *     stapflame-BOOT-NAMESPACE-PID-START-RANDOM
 *     .stapflame-BOOT-NAMESPACE-PID-START-RANDOM.part
 *
 * BOOT is the kernel's id for this boot, NAMESPACE the inode of the PID namespace, and START the time when the process
 * started, in ticks since boot. Together they identify a process across all hosts and containers that may share a
 * directory. Files from another boot or namespace are never removed, because we cannot find out whether their processes
 * are still running.
 */
const OURS = /^stapflame-([\da-f]{32})-(\d+)-(\d+)-(\d+)-[\da-f]{12}$/;
const UNFINISHED = /^\.(stapflame-.*)\.part$/;

/**
 * Creates a directory of mode 0700, and removes the directories that killed runs left in the same parent directory. The
 * caller must remove the new directory.
 *
 * @param parent the parent directory, by default the system's directory for temporary files
 */
export function temporaryDirectory(parent: string = tmpdir()): string {
  for (const name of entriesOf(parent)) if (isLeft(name)) removeDirectory(join(parent, name));
  const path = join(parent, ownName());
  mkdirSync(path, 0o700);
  return path;
}

/** Returns a unique name for a file that is not complete yet. */
export function unfinishedName(): string {
  return `.${ownName()}.part`;
}

/** Removes the unfinished files that this user's killed runs left in a directory. */
export function removeUnfinished(directory: string | Buffer): void {
  for (const name of entriesOf(directory))
    if (isLeft(UNFINISHED.exec(name)?.[1] ?? ''))
      removeFile(Buffer.concat([Buffer.from(directory), Buffer.from(`/${name}`)]));
}

interface Identity {
  readonly boot: string;
  readonly namespace: string;
  readonly start: string;
}

/**
 * The identity used if the system does not provide one. Names that contain it are also unique, but files with such
 * names are never removed.
 */
const UNKNOWN: Identity = { boot: '0'.repeat(32), namespace: '0', start: '0' };
let self: Identity | undefined;

/** Reads this process's identity from the directory `proc`, which is `/proc` except in tests. */
export function identify(proc: string = '/proc'): Identity {
  try {
    // if NSpid lists several numbers, /proc shows the process ids of another namespace
    if (!/^NSpid:\t\d+$/m.test(readFileSync(join(proc, 'self/status'), 'utf8'))) return UNKNOWN;
    return {
      boot: readFileSync(join(proc, 'sys/kernel/random/boot_id'), 'utf8').trim().replaceAll('-', ''),
      namespace: /\d+/.exec(readlinkSync(join(proc, 'self/ns/pid')))![0],
      start: startOf(process.pid)!,
    };
  } catch {
    return UNKNOWN;
  }
}

function ownName(): string {
  const { boot, namespace, start } = (self ??= identify());
  return `stapflame-${boot}-${namespace}-${process.pid}-${start}-${randomHex()}`;
}

/**
 * Returns twelve random hexadecimal digits from the kernel. Loading `node:crypto` for this would take 9 ms, a quarter
 * of Node's start-up time.
 */
function randomHex(): string {
  const bytes = Buffer.alloc(6);
  try {
    const descriptor = openSync('/dev/urandom', 'r');
    readSync(descriptor, bytes);
    closeSync(descriptor);
    return bytes.toString('hex');
  } catch {
    // there are no device files, as in some chroots
    return process.getBuiltinModule('node:crypto').randomBytes(6).toString('hex');
  }
}

/** Whether a name belongs to a process that has ended, from this boot and this PID namespace. */
function isLeft(name: string): boolean {
  const { boot, namespace } = (self ??= identify());
  const [, theirBoot, theirNamespace, pid, start] = OURS.exec(name) ?? [];
  if (boot === UNKNOWN.boot || theirBoot !== boot || theirNamespace !== namespace) return false;
  return !isAlive(Number(pid), start!);
}

/** Whether a process is alive. Also compares its start time, because a later process may have the same id. */
function isAlive(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return [undefined, start].includes(startOf(pid));
}

/** Returns the time when a process started, or `undefined` if it cannot be read. */
function startOf(pid: number): string | undefined {
  try {
    // the start time is the 20th word after the program's name, which is in parentheses and may contain anything
    return readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ')[19];
  } catch {
    return undefined;
  }
}

/** Lists a directory. The list is empty if the directory cannot be read. */
function entriesOf(directory: string | Buffer): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Permission bits for other users. If none is set, no other user can have moved the directory here. */
const OTHERS = 0o077;

/** Removes a directory, unless it is already gone or not ours: any user can create one with a name like ours. */
function removeDirectory(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory() && stats.uid === process.geteuid!() && (stats.mode & OTHERS) === 0)
    rmSync(path, { recursive: true, force: true });
}

function removeFile(path: Buffer): void {
  try {
    if (lstatSync(path).uid === process.geteuid!()) unlinkSync(path);
  } catch {
    // the file is already gone, is a directory, or cannot be removed
  }
}
