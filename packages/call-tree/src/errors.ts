/** Why a tree could not be made. */
export type CallTreeErrorCode =
  /** The value of an option is not allowed. */
  | 'INVALID_OPTIONS'
  /** There are no stacks. */
  | 'EMPTY_INPUT'
  /** The input is not a valid batch of stacks. */
  | 'INVALID_STACKS'
  /** Stacks are not sorted frame by frame. */
  | 'UNSORTED';

/** Thrown by every function of this package, and the error of its stream. */
export class CallTreeError extends Error {
  override readonly name = 'CallTreeError';
  readonly code: CallTreeErrorCode;

  constructor(code: CallTreeErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
