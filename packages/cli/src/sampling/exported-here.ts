import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { exportedFunctions, readElf, type ReadAt } from '@stapflame/symbols';

/** A Linux flag for which Node has no name; see mapped-file.ts. */
const O_PATH = 0o10000000;
const { O_NOCTTY, O_NONBLOCK, O_RDONLY } = constants;

/**
 * Returns the exported functions of a file, or `undefined` if the file also names other functions. A sampled program
 * may have chosen the path, so only regular files are opened for reading.
 */
export function exportedHere(path: string): string | undefined {
  if (!path.startsWith('/')) return undefined;
  try {
    return withDescriptor(path, O_PATH, (found) =>
      fstatSync(found).isFile()
        ? withDescriptor(`/proc/self/fd/${found}`, O_RDONLY | O_NONBLOCK | O_NOCTTY, exportedIn)
        : undefined,
    );
  } catch {
    // Without the file, names stay as SystemTap printed them.
    return undefined;
  }
}

function withDescriptor<T>(path: string, flags: number, use: (descriptor: number) => T): T {
  const descriptor = openSync(path, flags);
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Returns the exported functions of an open file, or `undefined` if the file also names other functions. */
function exportedIn(descriptor: number): string | undefined {
  const readAt = readerOf(descriptor);
  const elf = readElf(readAt);
  return elf && exportedFunctions(elf, readAt);
}

/** Returns a function that reads parts of an open file. */
export function readerOf(descriptor: number): ReadAt {
  return (offset, length) => {
    const bytes = new Uint8Array(length);
    const read = Number.isSafeInteger(offset) ? readSync(descriptor, bytes, 0, length, offset) : 0;
    return bytes.subarray(0, read);
  };
}
