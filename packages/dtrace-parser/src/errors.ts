/** Why parsing can fail: an invalid option value. Damage in the input is counted in the summary. */
export type DtraceErrorCode = 'INVALID_OPTIONS';

/** Thrown when a parser is created. Reading can only fail with a `StacksError` (`MIXED_UNITS`). */
export class DtraceError extends Error {
  override readonly name = 'DtraceError';
  readonly code: DtraceErrorCode;

  constructor(code: DtraceErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
