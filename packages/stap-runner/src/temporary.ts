import { lstatSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const OURS = /^stapflame-(\d+)-(\d+)-[A-Za-z0-9]{6}$/;

/**
 * Makes a directory for as long as this process lives, mode 0700. What a process that was killed could not remove is
 * removed first: its name says which process that was, and in which namespace such a number counts.
 *
 * @param parent where to make it; by default the system's directory for temporary files
 */
export function temporaryDirectory(parent: string = tmpdir()): string {
  const namespace = processNamespace();
  for (const name of entriesOf(parent)) {
    const [, theirs, pid] = OURS.exec(name) ?? [];
    if (theirs === namespace && !isAlive(Number(pid))) removeOwn(join(parent, name));
  }
  return mkdtempSync(join(parent, `stapflame-${namespace}-${process.pid}-`));
}

/** Nothing where the directory may be written but not read. */
function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Number of the namespace of this process; 0 where the system has none. */
function processNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))![0];
  } catch {
    return '0';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** No permission for anybody else: nobody else can move such a directory here from where it was. */
const OTHERS = 0o077;

/** Anybody may give such a name to something; another process may remove it first. */
function removeOwn(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory() && stats.uid === process.getuid!() && (stats.mode & OTHERS) === 0)
    rmSync(path, { recursive: true, force: true });
}
