/** Why a profile could not be written. */
export type SpeedscopeErrorCode =
  /** The input is not a valid batch of stacks. */
  | 'INVALID_STACKS'
  /** Stacks have two weights, but the format has room for one. */
  | 'TWO_WEIGHTS';

/** Thrown by every function of this package, and the error of its streams. */
export class SpeedscopeError extends Error {
  override readonly name = 'SpeedscopeError';
  readonly code: SpeedscopeErrorCode;

  constructor(code: SpeedscopeErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
