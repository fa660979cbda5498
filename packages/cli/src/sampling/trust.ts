import type { Stats } from 'node:fs';
import { lstat, readFile, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { CliError, Exit } from '../exit.ts';
import { forTerminal } from '../terminal.ts';

/** Whether this process runs as root outside of user namespaces. */
export async function isRoot(): Promise<boolean> {
  if (process.geteuid?.() !== 0) return false;
  const map = await readFile('/proc/self/uid_map', 'utf8').catch(() => '');
  return map === '' || /^\s*0\s+0\s+4294967295$/m.test(map);
}

const WRITABLE_BY_GROUP = 0o020;
const WRITABLE_BY_ALL = 0o002;
/** In a directory with this mode bit, only a file's owner may rename or remove the file. */
const STICKY = 0o1000;

/**
 * Whether anyone except root, this process's user and the user who called sudo can replace `path`. This is possible for
 * users who own `path` or a directory above it, or have write access to one of these.
 */
export async function isReplaceable(path: string): Promise<boolean> {
  const parent = dirname(path);
  return letsOthersIn(await lstat(path)) || (parent !== path && (await isReplaceable(parent)));
}

function letsOthersIn(stats: Stats): boolean {
  const { uid, gid, mode } = stats;
  const trusted = [0, process.geteuid!(), Number(process.env['SUDO_UID'] ?? 0)];
  if (!trusted.includes(uid)) return true;
  // The mode of a symbolic link has no meaning.
  if (stats.isSymbolicLink() || (stats.isDirectory() && (mode & STICKY) !== 0)) return false;
  // On many systems, each user has a group with the same number and no other members.
  const isShared = gid !== 0 && gid !== uid;
  return (mode & WRITABLE_BY_ALL) !== 0 || ((mode & WRITABLE_BY_GROUP) !== 0 && isShared);
}

/**
 * Throws if this process runs as root and other users can replace the directory for temporary files. They could then
 * choose what stap loads.
 */
export async function refuseForeignTemporaryDirectory(): Promise<void> {
  const directory = resolve(tmpdir());
  if (!(await isRoot())) return;
  const real = await realpath(directory).catch(() => directory);
  if (!(await isReplaceable(directory)) && !(await isReplaceable(real))) return;
  throw new CliError(
    Exit.PERMISSION,
    `other users can replace the directory for temporary files (TMPDIR), ${forTerminal(directory)}, and change root's ` +
      'files; use a directory that only root can replace, such as TMPDIR=/var/tmp',
  );
}
