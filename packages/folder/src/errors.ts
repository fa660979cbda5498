/** What can end folding. */
export type FolderErrorCode =
  /** The value of an option is not allowed. */
  | 'INVALID_OPTIONS'
  /** What came in is no batch of stacks, or breaks what a batch promises. */
  | 'INVALID_STACKS'
  /** A stack has more frames than any that is read. */
  | 'STACK_TOO_DEEP';

/** Thrown by every function of this package, and the error of its streams. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
  readonly code: FolderErrorCode;

  constructor(code: FolderErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
