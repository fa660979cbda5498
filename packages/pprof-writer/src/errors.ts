/** Why a profile could not be written. */
export type PprofErrorCode =
  /** The input is not a valid batch of stacks. */
  | 'INVALID_STACKS'
  /** The weights add up to more than a profile can hold. */
  | 'SUM_TOO_LARGE';

/** Thrown by every function of this package, and the error of its streams. */
export class PprofError extends Error {
  override readonly name = 'PprofError';
  readonly code: PprofErrorCode;

  constructor(code: PprofErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
