/** Options of the writer; every one may be left out. */
export interface SpeedscopeOptions {
  /** Directory for temporary files, as bytes where its name is not UTF-8. @defaultValue the system's, or `TMPDIR` */
  readonly tmpdir?: string | Uint8Array;
}
