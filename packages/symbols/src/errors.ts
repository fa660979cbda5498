/** Why frames could not be named. */
export type SymbolsErrorCode =
  /** An option is unknown or has an invalid value. */
  | 'INVALID_OPTIONS'
  /** The input is not a valid batch of stacks. */
  | 'INVALID_STACKS'
  /** A symbol file does not have the expected content. */
  | 'INVALID_SYMBOLS';

/** The error thrown by all functions and streams of this package. */
export class SymbolsError extends Error {
  override readonly name = 'SymbolsError';
  readonly code: SymbolsErrorCode;

  constructor(code: SymbolsErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
