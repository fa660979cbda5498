/** Reasons why a profile cannot be written. */
export type SpeedscopeErrorCode =
  /** The input is not a valid batch of stacks. */
  | 'INVALID_STACKS'
  /** The stacks have two weights, but the format has room for only one. */
  | 'TWO_WEIGHTS'
  /** The weights add up to more than a number in JavaScript can hold. */
  | 'SUM_TOO_LARGE';

/** The error thrown by this package's functions and emitted by its streams. */
export class SpeedscopeError extends Error {
  override readonly name = 'SpeedscopeError';
  readonly code: SpeedscopeErrorCode;

  constructor(code: SpeedscopeErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
