/** Storage for a stage's data that does not fit into its memory: all that a core needs from a file system. */
export interface SpillStore {
  /** Creates a new empty file. */
  create(): SpillFile;
}

export interface SpillFile {
  /** Appends the bytes. The caller may change them afterwards. */
  write(bytes: Uint8Array): void;
  /** Reads as much as fits, from `position` on, and returns the number of bytes; 0 at the end. */
  read(into: Uint8Array, position: number): number;
  /** Removes the file. */
  remove(): void;
}
