/** Where a stage stores data that does not fit into its memory: all that a core needs from a file system. */
export interface SpillStore {
  /** Makes a new empty file. */
  create(): SpillFile;
}

export interface SpillFile {
  /** Appends the bytes. The caller may change them afterwards. */
  write(bytes: Uint8Array): void;
  /** Reads from `position` on as much as fits and returns how many bytes; 0 at the end. */
  read(into: Uint8Array, position: number): number;
  /** Removes the file. */
  remove(): void;
}
