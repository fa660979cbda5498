/** Options for the writer. All are optional. */
export interface FirefoxOptions {
  /**
   * Directory for temporary files, given as bytes if its name is not UTF-8. @defaultValue `TMPDIR`, or the system's
   * temporary directory
   */
  readonly tmpdir?: string | Uint8Array;
}
