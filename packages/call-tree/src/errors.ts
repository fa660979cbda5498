/** Why a tree could not be built. */
export type CallTreeErrorCode =
  /** An option has an invalid value. */
  | 'INVALID_OPTIONS'
  /** There are no stacks. */
  | 'EMPTY_INPUT'
  /** The input is not a valid batch of stacks. */
  | 'INVALID_STACKS'
  /** Stacks are not sorted frame by frame. */
  | 'UNSORTED';

/** The error thrown by every function of this package and emitted by its stream. */
export class CallTreeError extends Error {
  override readonly name = 'CallTreeError';
  readonly code: CallTreeErrorCode;

  constructor(code: CallTreeErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
