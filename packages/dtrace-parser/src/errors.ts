/** What can end parsing. Damage in the input is no error: it is counted in the summary. */
export type DtraceErrorCode =
  /** An option has a value it cannot have. */
  'INVALID_OPTIONS';

/** Thrown where a parser is made. Reading fails only with the `MIXED_UNITS` of `StacksError`. */
export class DtraceError extends Error {
  override readonly name = 'DtraceError';
  readonly code: DtraceErrorCode;

  constructor(code: DtraceErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
