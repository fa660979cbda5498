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
 * The names of temporary directories and unfinished files say which process made them, so that a later run can
 * remove the leftovers of a killed one:
 *
 *     stapflame-BOOT-NAMESPACE-PID-START-RANDOM
 *     .stapflame-BOOT-NAMESPACE-PID-START-RANDOM.part
 *
 * BOOT is the kernel's id of this boot, NAMESPACE the inode of the PID namespace, START the time at which the
 * process began, in ticks since the boot. Together they identify one process among all hosts and containers that
 * may share a directory. Files from another boot or another namespace are never removed: there is no way to know
 * whether its process still runs.
 */
const OURS = /^stapflame-([\da-f]{32})-(\d+)-(\d+)-(\d+)-[\da-f]{12}$/;
const UNFINISHED = /^\.(stapflame-.*)\.part$/;

/**
 * Makes a directory of mode 0700, and removes those that killed runs left in the same place. The caller removes it.
 *
 * @param parent where to make it; by default the system's directory for temporary files
 */
export function temporaryDirectory(parent: string = tmpdir()): string {
  for (const name of entriesOf(parent)) if (isLeft(name)) removeDirectory(join(parent, name));
  const path = join(parent, ownName());
  mkdirSync(path, 0o700);
  return path;
}

/** A unique name for a file that is not complete yet. */
export function unfinishedName(): string {
  return `.${ownName()}.part`;
}

/** Removes the unfinished files that killed runs of this user left in a directory. */
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

/** Used if the system does not identify the process: such names are unique, too, and are never removed. */
const UNKNOWN: Identity = { boot: '0'.repeat(32), namespace: '0', start: '0' };
let self: Identity | undefined;

function identify(): Identity {
  try {
    // a single number here means that /proc numbers processes as our own namespace does
    if (!/^NSpid:\t\d+$/m.test(readFileSync('/proc/self/status', 'utf8'))) return UNKNOWN;
    return {
      boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().replaceAll('-', ''),
      namespace: /\d+/.exec(readlinkSync('/proc/self/ns/pid'))![0],
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
 * Twelve random digits from the kernel. Loading `node:crypto` for them would take 9 ms, a quarter of Node's start-up
 * time.
 */
function randomHex(): string {
  const bytes = Buffer.alloc(6);
  try {
    const descriptor = openSync('/dev/urandom', 'r');
    readSync(descriptor, bytes);
    closeSync(descriptor);
    return bytes.toString('hex');
  } catch {
    // there are no device files in this root directory
    return process.getBuiltinModule('node:crypto').randomBytes(6).toString('hex');
  }
}

/** Whether a name belongs to a process of this boot and PID namespace that has ended. */
function isLeft(name: string): boolean {
  const { boot, namespace } = (self ??= identify());
  const [, theirBoot, theirNamespace, pid, start] = OURS.exec(name) ?? [];
  if (boot === UNKNOWN.boot || theirBoot !== boot || theirNamespace !== namespace) return false;
  return !isAlive(Number(pid), start!);
}

/** The number of an ended process may have been reused for another process, which began later. */
function isAlive(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return [undefined, start].includes(startOf(pid));
}

/** When a process began, or `undefined` if this is not visible. */
function startOf(pid: number): string | undefined {
  try {
    // the program's name, in parentheses, may contain anything; the start time is the 20th word after it
    return readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ')[19];
  } catch {
    return undefined;
  }
}

/** Empty if the directory can be written but not read. */
function entriesOf(directory: string | Buffer): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Only we have permissions, so nobody else can have moved such a directory here from elsewhere. */
const OTHERS = 0o077;

/** Anybody can use such a name, and another process may remove it first. */
function removeDirectory(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory() && stats.uid === process.geteuid!() && (stats.mode & OTHERS) === 0)
    rmSync(path, { recursive: true, force: true });
}

function removeFile(path: Buffer): void {
  try {
    if (lstatSync(path).uid === process.geteuid!()) unlinkSync(path);
  } catch {
    // gone meanwhile, a directory, or not ours to remove
  }
}
