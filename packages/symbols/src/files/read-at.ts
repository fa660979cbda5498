import { readSync } from 'node:fs';

/** Returns `length` bytes of an open file, starting at `offset`, or fewer if the file ends first. */
export function readAt(descriptor: number, offset: number, length: number): Uint8Array {
  if (!Number.isSafeInteger(offset)) return new Uint8Array();
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, readSync(descriptor, bytes, 0, length, offset));
}
