/** Reasons why a profile cannot be written. */
export type PprofErrorCode =
  /** The input is not a valid batch of stacks. */
  | 'INVALID_STACKS'
  /** The weights add up to more than a profile can hold. */
  | 'SUM_TOO_LARGE';

/** The error thrown by this package's functions and emitted by its streams. */
export class PprofError extends Error {
  override readonly name = 'PprofError';
  readonly code: PprofErrorCode;

  constructor(code: PprofErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
