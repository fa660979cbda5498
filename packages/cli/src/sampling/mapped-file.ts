import { constants, type BigIntStats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { CodeMapping } from '@stapflame/stap-script';

/**
 * A Linux flag for which Node has no name. A descriptor that is opened with this flag refers to a file but cannot be
 * used to read it. Opening a file this way never waits and has no effect on devices.
 */
const O_PATH = 0o10000000;
const { O_DIRECTORY, O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
const NOT_PERMITTED = new Set(['EACCES', 'EPERM']);

/** Opens /proc/PID. The open directory never refers to a later process with the same PID. */
export function openProcess(pid: number): Promise<FileHandle> {
  return open(`/proc/${pid}`, O_PATH | O_DIRECTORY);
}

/** Returns a path to the file that a descriptor refers to. */
export function through(handle: FileHandle): string {
  return `/proc/self/fd/${handle.fd}`;
}

/** The file that a process has mapped, even if the file's path now leads to another file. */
export interface MappedFile {
  readonly stats: BigIntStats;
  readonly handle: FileHandle;
}

/** Opens the file that the process has mapped, if it is a regular file. The caller must close it. */
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

/** Finds a mapped file. Root can follow the mapping. Other users can only look up its path below the process's root. */
async function findMapped(process: FileHandle, { file, range, inode }: CodeMapping): Promise<FileHandle> {
  try {
    return await open(`${through(process)}/map_files/${range}`, O_PATH);
  } catch (error) {
    if (!NOT_PERMITTED.has((error as NodeJS.ErrnoException).code!)) throw error;
  }
  const root = await openRoot(process);
  const found = await walk(root, file).finally(() => root.close());
  // The device is not compared, because for btrfs and overlayfs, maps and stat report different devices.
  const stats = await found.stat({ bigint: true });
  if (stats.ino === inode) return found;
  await found.close();
  throw new Error('the file at its path is not the file that the process has mapped');
}

/** Opens a process's root directory. It stays available after the process has ended. */
export function openRoot(process: FileHandle): Promise<FileHandle> {
  return open(`${through(process)}/root`, O_PATH | O_DIRECTORY);
}

/** Opens a file below a root directory, one path component at a time. Links, which could lead out, are not followed. */
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
