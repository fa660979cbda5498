/** Options of the writer. All are optional. */
export interface SpeedscopeOptions {
  /** Directory for temporary files, as bytes if its name is not UTF-8. @defaultValue the system's, or `TMPDIR` */
  readonly tmpdir?: string | Uint8Array;
}
