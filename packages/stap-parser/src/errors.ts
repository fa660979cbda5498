/** Why parsing can fail. Damage in the input is not an error: it is counted in the summary. */
export type ParserErrorCode =
  /** An option has an invalid value. */
  | 'INVALID_OPTIONS'
  /** The trace has more hosts (`N: ` prefixes) than the limit. */
  | 'TOO_MANY_HOSTS'
  /** Traces with different units, such as samples and microseconds, cannot be summed. */
  | 'MIXED_UNITS';

/** The error that all functions and streams of this package throw. */
export class ParserError extends Error {
  override readonly name = 'ParserError';
  readonly code: ParserErrorCode;
  /** Byte offset of the offending line in the input, if there is one. */
  readonly offset: number | undefined;

  constructor(code: ParserErrorCode, message: string, offset?: number) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}
