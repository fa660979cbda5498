/** What can end parsing. Damage in the input is not an error: it is counted in the summary. */
export type ParserErrorCode =
  /** The value of an option is not allowed. */
  | 'INVALID_OPTIONS'
  /** More hosts (`N: ` prefixes) than the parser keeps records for. */
  | 'TOO_MANY_HOSTS'
  /** Traces that count different things, such as samples and microseconds, cannot be summed. */
  | 'MIXED_UNITS';

/** Thrown by every function of this package, and the error of its streams. */
export class ParserError extends Error {
  override readonly name = 'ParserError';
  readonly code: ParserErrorCode;
  /** Byte offset of the offending line in the input, where there is one. */
  readonly offset: number | undefined;

  constructor(code: ParserErrorCode, message: string, offset?: number) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}
