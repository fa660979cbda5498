import type { Stats } from 'node:fs';
import { lstat, readFile, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { CliError, Exit } from '../exit.ts';
import { forTerminal } from '../terminal.ts';

/** Whether this process has root's rights outside of any user namespace. */
export async function isRoot(): Promise<boolean> {
  if (process.geteuid?.() !== 0) return false;
  const map = await readFile('/proc/self/uid_map', 'utf8').catch(() => '');
  return map === '' || /^\s*0\s+0\s+4294967295$/m.test(map);
}

const WRITABLE_BY_GROUP = 0o020;
const WRITABLE_BY_ALL = 0o002;
/** In a directory with this bit, only a file's owner may rename or remove it. */
const STICKY = 0o1000;

/**
 * Whether anyone other than root, us and the caller of sudo can replace `path`, because they own it or a directory that
 * leads to it, or have write permission there.
 */
export async function isReplaceable(path: string): Promise<boolean> {
  const parent = dirname(path);
  return letsOthersIn(await lstat(path)) || (parent !== path && (await isReplaceable(parent)));
}

function letsOthersIn(stats: Stats): boolean {
  const { uid, gid, mode } = stats;
  const trusted = [0, process.geteuid!(), Number(process.env['SUDO_UID'] ?? 0)];
  if (!trusted.includes(uid)) return true;
  // the mode of a link means nothing
  if (stats.isSymbolicLink() || (stats.isDirectory() && (mode & STICKY) !== 0)) return false;
  // many systems give each user a group with the same number and no other members
  const isShared = gid !== 0 && gid !== uid;
  return (mode & WRITABLE_BY_ALL) !== 0 || ((mode & WRITABLE_BY_GROUP) !== 0 && isShared);
}

/** Root and stap must not work in a directory that others can replace: the others could choose what stap loads. */
export async function refuseForeignTemporaryDirectory(): Promise<void> {
  const directory = resolve(tmpdir());
  if (!(await isRoot())) return;
  const real = await realpath(directory).catch(() => directory);
  if (!(await isReplaceable(directory)) && !(await isReplaceable(real))) return;
  throw new CliError(
    Exit.PERMISSION,
    `the directory for temporary files (TMPDIR), ${forTerminal(directory)}, can be replaced by other users, and root ` +
      'would work in theirs; expected one that only root can replace: set TMPDIR=/var/tmp',
  );
}
