import { createWriteStream, rmSync } from 'node:fs';
import { mkdir, rm, statfs, symlink, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { temporaryDirectory } from '@stapflame/stap-runner';
import type { CodeMapping } from '@stapflame/stap-script';
import { openMapped } from './mapped-file.ts';

/**
 * Directories on this machine that stap reads. If stap is given a root directory, it must also find these directories
 * below it.
 */
const OF_THE_KERNEL = ['/lib/modules', '/boot', '/usr/lib/debug'];
const MEBIBYTE = 2 ** 20;
const MAX_FILE_BYTES = 1024 * MEBIBYTE;
const MAX_BYTES = 2048 * MEBIBYTE;

/**
 * A root directory for stap. It contains copies of the files that a process has mapped, at the paths where the process
 * sees them. These copies are needed because SystemTap identifies a module by its path below the process's root
 * directory. Below this machine's root directory, the same path may lead to another file with other symbols.
 *
 * The process chooses the paths, so they cannot be trusted. To make sure that none of them leads out of stap's root
 * directory, that directory contains no links while the copies are written. The links to the kernel's directories are
 * added last.
 */
export class Sysroot {
  readonly directory: string;
  #bytes: number;

  private constructor(directory: string, bytes: number) {
    this.directory = directory;
    this.#bytes = bytes;
  }

  /** Creates the directory. The copies use at most half of the free space for temporary files. */
  static async create(): Promise<Sysroot> {
    const directory = temporaryDirectory();
    process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
    const { bavail, bsize } = await statfs(directory);
    return new Sysroot(directory, Math.min(MAX_BYTES, (bavail * bsize) / 2));
  }

  async copy(process: FileHandle, mapping: CodeMapping, signal: AbortSignal): Promise<void> {
    const { file } = mapping;
    if (OF_THE_KERNEL.some((kept) => isWithin(kept, file) || isWithin(file, kept)))
      throw new Error('its path is reserved for kernel files');
    const { stats, handle } = await openMapped(process, mapping);
    const size = Number(stats.size);
    const copy = join(this.directory, file);
    try {
      const most = Math.min(MAX_FILE_BYTES, this.#bytes);
      if (size > most)
        throw new Error(`it is ${mebibytes(size)} MiB long, and only ${mebibytes(most)} MiB can be copied`);
      this.#bytes -= size;
      await mkdir(dirname(copy), { recursive: true });
      // If the file grows in the meantime, only the part within the checked size is copied.
      const bytes = handle.createReadStream({
        start: 0,
        end: Math.max(0, size - 1),
        highWaterMark: MEBIBYTE,
      });
      await pipeline(bytes, createWriteStream(copy, { flags: 'wx', mode: 0o600 }), { signal });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST')
        throw new Error('another mapped file has the same path', { cause: error });
      await rm(copy, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
  }

  async linkKernel(): Promise<void> {
    for (const link of OF_THE_KERNEL) {
      await mkdir(join(this.directory, dirname(link)), { recursive: true });
      await symlink(link, join(this.directory, link));
    }
  }
}

function isWithin(directory: string, file: string): boolean {
  return file === directory || file.startsWith(`${directory}/`);
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / MEBIBYTE);
}
