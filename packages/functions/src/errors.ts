/** Reasons why functions cannot be counted. */
export type FunctionsErrorCode =
  /** An option has an invalid value. */
  | 'INVALID_OPTIONS'
  /** There are no stacks, or no name matches. */
  | 'EMPTY_INPUT'
  /** The input is not a valid batch of stacks. */
  | 'INVALID_STACKS';

/** The error thrown by every function of this package and emitted by its stream. */
export class FunctionsError extends Error {
  override readonly name = 'FunctionsError';
  readonly code: FunctionsErrorCode;

  constructor(code: FunctionsErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
