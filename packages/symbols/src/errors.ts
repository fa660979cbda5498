/** Why naming frames failed. */
export type SymbolsErrorCode =
  /** The value of an option is not allowed. */
  | 'INVALID_OPTIONS'
  /** What came in is no batch of stacks, or breaks what a batch promises. */
  | 'INVALID_STACKS'
  /** A file of symbols is not what it should be. */
  | 'INVALID_SYMBOLS';

/** Thrown by every function of this package, and the error of its streams. */
export class SymbolsError extends Error {
  override readonly name = 'SymbolsError';
  readonly code: SymbolsErrorCode;

  constructor(code: SymbolsErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
