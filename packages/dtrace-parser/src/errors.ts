/** What can end parsing: an option with a value that is not allowed. Damage in the input is counted in the summary. */
export type DtraceErrorCode = 'INVALID_OPTIONS';

/** Thrown when a parser is made. Reading only fails with the `MIXED_UNITS` of `StacksError`. */
export class DtraceError extends Error {
  override readonly name = 'DtraceError';
  readonly code: DtraceErrorCode;

  constructor(code: DtraceErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
