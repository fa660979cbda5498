/** What can end a comparison. */
export type DiffErrorCode =
  /** The value of an option is not allowed. */
  | 'INVALID_OPTIONS'
  /** What came in is no batch of stacks, or breaks what a batch promises. */
  | 'INVALID_STACKS';

/** Thrown by every function of this package. */
export class DiffError extends Error {
  override readonly name = 'DiffError';
  readonly code: DiffErrorCode;

  constructor(code: DiffErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
