/** Reasons why folding can fail. */
export type FolderErrorCode =
  /** An option has an invalid value. */
  | 'INVALID_OPTIONS'
  /** The input is not a batch of stacks, or breaks the rules for batches. */
  | 'INVALID_STACKS'
  /** A stack has more frames than the limit. */
  | 'STACK_TOO_DEEP'
  /** The sum of all weights is larger than JavaScript's numbers. */
  | 'SUM_TOO_LARGE';

/** The error that all of this package's functions and streams throw. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
  readonly code: FolderErrorCode;

  constructor(code: FolderErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
