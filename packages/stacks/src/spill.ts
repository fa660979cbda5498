/**
 * Storage for data that does not fit in a stage's memory. A stage's core does not access the file system in any other
 * way.
 */
export interface SpillStore {
  /** Creates a new empty file. */
  create(): SpillFile;
}

export interface SpillFile {
  /** Appends the bytes. The caller may change the array afterwards. */
  write(bytes: Uint8Array): void;
  /** Reads bytes, starting at `position`, into the array. Returns the number of bytes read, which is 0 at the end. */
  read(into: Uint8Array, position: number): number;
  /** Removes the file. */
  remove(): void;
}
