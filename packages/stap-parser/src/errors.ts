/** Reasons why parsing can fail. Damage in the input is not an error; it is counted in the summary. */
export type ParserErrorCode =
  /** An option has an invalid value. */
  | 'INVALID_OPTIONS'
  /** The trace has more hosts (`N: ` prefixes) than `maxHosts` allows. */
  | 'TOO_MANY_HOSTS'
  /** Traces with different units, such as samples and microseconds, cannot be summed. */
  | 'MIXED_UNITS';

/** The error that all of this package's functions and streams throw. */
export class ParserError extends Error {
  override readonly name = 'ParserError';
  readonly code: ParserErrorCode;
  /** Byte offset of the line that caused the error, if any. */
  readonly offset: number | undefined;

  constructor(code: ParserErrorCode, message: string, offset?: number) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}
