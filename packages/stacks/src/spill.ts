/** Where a stage puts what its memory has no room for. A core asks for no more than this of a file system. */
export interface SpillStore {
  /** A new empty file. */
  create(): SpillFile;
}

export interface SpillFile {
  /** Appends the bytes, which are the caller's again afterwards. */
  write(bytes: Uint8Array): void;
  /** Reads from `position` on, as much as fits; 0 at the end. */
  read(into: Uint8Array, position: number): number;
  /** Gives back the space. */
  remove(): void;
}
