import { closeSync, constants as fileConstants, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { StacksError } from '../errors.ts';
import type { SpillFile, SpillStore } from '../spill.ts';

/**
 * Creates unnamed temporary files with mode 0600. No file is left behind, however the process ends.
 *
 * @param directory a directory on the disk to use; pass it as bytes if its name is not valid UTF-8
 */
export function spillFiles(directory: string | Uint8Array = tmpdir()): UnnamedFiles {
  return { create: () => new UnnamedFile(directory) };
}

/** A spill store whose files have file descriptors. */
export interface UnnamedFiles extends SpillStore {
  create(): UnnamedFile;
}

/** A temporary file without a name. A child process can read the file through its descriptor. */
export class UnnamedFile implements SpillFile {
  readonly #directory: string | Uint8Array;
  readonly descriptor: number;
  #written = 0;

  constructor(directory: string | Uint8Array) {
    this.#directory = directory;
    this.descriptor = this.#attempt('create a temporary file', () => openUnnamed(directory));
  }

  write(bytes: Uint8Array): void {
    this.#attempt('write a temporary file', () => {
      for (let at = 0; at < bytes.length;) {
        const length = writeSync(this.descriptor, bytes, at, bytes.length - at);
        at += length;
        this.#written += length;
      }
    });
  }

  read(into: Uint8Array, position: number): number {
    return this.#attempt('read a temporary file', () =>
      readSync(this.descriptor, into, 0, into.length, position),
    );
  }

  remove(): void {
    this.#attempt('close a temporary file', () => closeSync(this.descriptor));
  }

  #attempt<T>(what: string, action: () => T): T {
    try {
      return action();
    } catch (error) {
      const { code, errno, message } = error as NodeJS.ErrnoException;
      // Node has no name for the EDQUOT error code
      const isQuota = errno === -constants.errno.EDQUOT;
      const reason = isQuota ? 'EDQUOT: disk quota exceeded' : message;
      const after = this.#written > 0 ? ` after ${this.#written} bytes` : '';
      const text = `cannot ${what} in ${this.#directory}${after}: ${reason}; ${adviceFor(isQuota ? 'EDQUOT' : code)}`;
      throw new StacksError('SPILL_FAILED', text, undefined, { cause: error });
    }
  }
}

function adviceFor(code: string | undefined): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'free some disk space there, choose another directory (--tmpdir, TMPDIR), or allow more memory (--memory)';
    case 'EMFILE':
    case 'ENFILE':
      return 'allow more memory (--memory), so that no temporary files are needed';
    default:
      return 'choose a writable directory (--tmpdir, TMPDIR)';
  }
}

/** The Linux flag for a file that never has a name. Node does not define this flag. */
const O_TMPFILE = 0o20_000_000 | fileConstants.O_DIRECTORY;

/** Opens an unnamed file. Where the system does not support this, opens a named file and immediately unlinks it. */
function openUnnamed(directory: string | Uint8Array): number {
  try {
    return openSync(
      typeof directory === 'string' ? directory : Buffer.from(directory),
      O_TMPFILE | fileConstants.O_RDWR,
      0o600,
    );
  } catch {
    const path = Buffer.concat([Buffer.from(directory), Buffer.from(`/stapflame-${crypto.randomUUID()}`)]);
    const descriptor = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    return descriptor;
  }
}
