/** Why a comparison failed. */
export type DiffErrorCode =
  /** An option has an invalid value. */
  | 'INVALID_OPTIONS'
  /** The input is not a valid batch of stacks. */
  | 'INVALID_STACKS';

/** The error thrown by every function of this package. */
export class DiffError extends Error {
  override readonly name = 'DiffError';
  readonly code: DiffErrorCode;

  constructor(code: DiffErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
