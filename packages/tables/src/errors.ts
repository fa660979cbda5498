/** Why a table could not be made. */
export type TablesErrorCode =
  /** An option has a value it cannot have. */
  | 'INVALID_OPTIONS'
  /** No stacks, or no name that matches. */
  | 'EMPTY_INPUT'
  /** What came in is no batch of stacks, or breaks what a batch promises. */
  | 'INVALID_STACKS'
  /** Stacks of a tree are not sorted frame by frame. */
  | 'UNSORTED';

/** Thrown by every function of this package, and the error of its streams. */
export class TablesError extends Error {
  override readonly name = 'TablesError';
  readonly code: TablesErrorCode;

  constructor(code: TablesErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
