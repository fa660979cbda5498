/** Why a tree could not be made. */
export type CallTreeErrorCode =
  /** The value of an option is not allowed. */
  | 'INVALID_OPTIONS'
  /** No stacks. */
  | 'EMPTY_INPUT'
  /** What came in is no batch of stacks, or breaks what a batch promises. */
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
