/** The reason why a comparison failed. */
export type DiffErrorCode =
  /** The value of an option is not allowed. */
  | 'INVALID_OPTIONS'
  /** The input is not a valid batch of stacks. */
  | 'INVALID_STACKS';

/** The error that every function of this package throws. */
export class DiffError extends Error {
  override readonly name = 'DiffError';
  readonly code: DiffErrorCode;

  constructor(code: DiffErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
