import { constants, type BigIntStats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { CodeMapping } from '@stapflame/stap-script';

/**
 * A Linux flag for which Node has no name. A descriptor opened with it only points at a file: opening never waits and
 * has no effect on devices.
 */
const O_PATH = 0o10000000;
const { O_DIRECTORY, O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
const NOT_PERMITTED = new Set(['EACCES', 'EPERM']);

/** Opens /proc/PID. While it is open, it never refers to another process with the same number. */
export function openProcess(pid: number): Promise<FileHandle> {
  return open(`/proc/${pid}`, O_PATH | O_DIRECTORY);
}

/** The path that leads through one of our descriptors. */
export function through(handle: FileHandle): string {
  return `/proc/self/fd/${handle.fd}`;
}

/** The exact file that a process has mapped, even if its path now leads elsewhere. */
export interface MappedFile {
  readonly stats: BigIntStats;
  readonly handle: FileHandle;
}

/** Finds the file that the process has mapped, and opens it if it is a regular file. The caller closes it. */
export async function openMapped(process: FileHandle, mapping: CodeMapping): Promise<MappedFile> {
  const found = await findMapped(process, mapping);
  try {
    const stats = await found.stat({ bigint: true });
    if (!stats.isFile()) throw new Error('it is not a regular file');
    return { stats, handle: await open(through(found), O_RDONLY | O_NONBLOCK | O_NOCTTY) };
  } finally {
    await found.close();
  }
}

/** Root can follow a mapping to its file. Others can only look for its path below the process's root. */
async function findMapped(process: FileHandle, { file, range, inode }: CodeMapping): Promise<FileHandle> {
  try {
    return await open(`${through(process)}/map_files/${range}`, O_PATH);
  } catch (error) {
    if (!NOT_PERMITTED.has((error as NodeJS.ErrnoException).code!)) throw error;
  }
  const root = await openRoot(process);
  const found = await walk(root, file).finally(() => root.close());
  // the device is not compared: for btrfs and overlayfs, maps and stat report different ones
  const stats = await found.stat({ bigint: true });
  if (stats.ino === inode) return found;
  await found.close();
  throw new Error('the file there is not the one that the process has mapped');
}

/** Opens a process's root directory, which then stays available when the process ends. */
export function openRoot(process: FileHandle): Promise<FileHandle> {
  return open(`${through(process)}/root`, O_PATH | O_DIRECTORY);
}

/** Opens a file below a root directory, one path component at a time, so that no link inside leads out of it. */
export async function walk(root: FileHandle, file: string): Promise<FileHandle> {
  let at = await open(through(root), O_PATH | O_DIRECTORY);
  for (const name of file.split('/').slice(1)) {
    const directory = at;
    try {
      at = await open(`${through(directory)}/${name}`, O_PATH | O_NOFOLLOW);
    } finally {
      await directory.close();
    }
  }
  return at;
}
