import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderError } from './errors.ts';
import type { SpillFile, SpillStore } from './spill.ts';

/**
 * Temporary files in a directory of their own, mode 0600. A file has no name any more once it is open, so
 * that nothing is left behind whichever way the process ends.
 */
export function spillFiles(directory: string = tmpdir()): SpillStore {
  return { create: () => new UnnamedFile(directory) };
}

class UnnamedFile implements SpillFile {
  readonly #directory: string;
  readonly #descriptor: number;
  #written = 0;

  constructor(directory: string) {
    this.#directory = directory;
    this.#descriptor = this.#attempt('make a temporary file', () => {
      const own = mkdtempSync(join(directory, 'stapflame-'));
      try {
        return openSync(join(own, 'run'), 'wx+', 0o600);
      } finally {
        rmSync(own, { recursive: true, force: true });
      }
    });
  }

  write(bytes: Uint8Array): void {
    this.#attempt('write a temporary file', () => {
      for (let at = 0; at < bytes.length;) {
        const length = writeSync(this.#descriptor, bytes, at, bytes.length - at);
        at += length;
        this.#written += length;
      }
    });
  }

  read(into: Uint8Array, position: number): number {
    return this.#attempt('read a temporary file', () =>
      readSync(this.#descriptor, into, 0, into.length, position),
    );
  }

  remove(): void {
    this.#attempt('close a temporary file', () => closeSync(this.#descriptor));
  }

  #attempt<T>(what: string, action: () => T): T {
    try {
      return action();
    } catch (error) {
      const { code, errno, message } = error as NodeJS.ErrnoException;
      // Node knows no name for this one
      const isQuota = errno === -constants.errno.EDQUOT;
      const reason = isQuota ? 'EDQUOT: disk quota exceeded' : message;
      const advice =
        isQuota || code === 'ENOSPC'
          ? 'free space there, name another directory (--tmpdir, TMPDIR), or allow more memory (--memory)'
          : 'name a directory that can be written (--tmpdir, TMPDIR)';
      const after = this.#written > 0 ? ` after ${this.#written} bytes` : '';
      const text = `cannot ${what} in ${this.#directory}${after}: ${reason}; ${advice}`;
      throw new FolderError('SPILL_FAILED', text, { cause: error });
    }
  }
}
