/** Why naming frames failed. */
export type SymbolsErrorCode =
  /** The value of an option is not allowed. */
  | 'INVALID_OPTIONS'
  /** The input is not a valid batch of stacks. */
  | 'INVALID_STACKS'
  /** A symbol file does not have the expected content. */
  | 'INVALID_SYMBOLS';

/** Thrown by every function and stream of this package. */
export class SymbolsError extends Error {
  override readonly name = 'SymbolsError';
  readonly code: SymbolsErrorCode;

  constructor(code: SymbolsErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
