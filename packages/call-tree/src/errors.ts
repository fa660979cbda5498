/** The reason why a tree could not be built. */
export type CallTreeErrorCode =
  /** The value of an option is not allowed. */
  | 'INVALID_OPTIONS'
  /** There are no stacks. */
  | 'EMPTY_INPUT'
  /** The input is not a valid batch of stacks. */
  | 'INVALID_STACKS'
  /** Stacks are not sorted frame by frame. */
  | 'UNSORTED';

/** The error that every function of this package throws and with which its stream fails. */
export class CallTreeError extends Error {
  override readonly name = 'CallTreeError';
  readonly code: CallTreeErrorCode;

  constructor(code: CallTreeErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
