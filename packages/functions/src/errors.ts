/** Why functions could not be counted. */
export type FunctionsErrorCode =
  /** The value of an option is not allowed. */
  | 'INVALID_OPTIONS'
  /** No stacks, or no name that matches. */
  | 'EMPTY_INPUT'
  /** What came in is no batch of stacks, or breaks what a batch promises. */
  | 'INVALID_STACKS';

/** Thrown by every function of this package, and the error of its stream. */
export class FunctionsError extends Error {
  override readonly name = 'FunctionsError';
  readonly code: FunctionsErrorCode;

  constructor(code: FunctionsErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
