/** What can end folding. */
export type FolderErrorCode =
  /** An option has a value it cannot have. */
  | 'INVALID_OPTIONS'
  /** The weight of one stack, or of all, is over 2^53 − 1 and would not be exact. */
  | 'SUM_TOO_LARGE'
  /** A stack has more frames than the memory budget holds. */
  | 'STACK_TOO_DEEP'
  /** A batch that is no batch: its columns do not fit together. */
  | 'INVALID_BATCH'
  /** A line of folded text over the limit. */
  | 'LINE_TOO_LONG'
  /** Temporary files cannot be made, written or read. */
  | 'SPILL_FAILED';

/** Thrown by every function of this package, and the error of its streams. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
  readonly code: FolderErrorCode;
  /** The stack that it is about, as folded text from the root, shortened. */
  readonly foldedStack: string | undefined;

  constructor(
    code: FolderErrorCode,
    message: string,
    options: { foldedStack?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.foldedStack = options.foldedStack;
  }
}
