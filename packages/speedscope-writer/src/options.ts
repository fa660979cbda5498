/** Options of the writer. All are optional. */
export interface SpeedscopeOptions {
  /**
   * Directory for temporary files, as bytes if its name is not UTF-8. @defaultValue `TMPDIR`, or the system's directory
   */
  readonly tmpdir?: string | Uint8Array;
}
