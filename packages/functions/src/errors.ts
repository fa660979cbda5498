/** The reason why functions could not be counted. */
export type FunctionsErrorCode =
  /** The value of an option is not allowed. */
  | 'INVALID_OPTIONS'
  /** There are no stacks, or no name matches. */
  | 'EMPTY_INPUT'
  /** The input is not a valid batch of stacks. */
  | 'INVALID_STACKS';

/** The error that every function of this package throws and with which its stream fails. */
export class FunctionsError extends Error {
  override readonly name = 'FunctionsError';
  readonly code: FunctionsErrorCode;

  constructor(code: FunctionsErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
