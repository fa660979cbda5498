/** The only error is an invalid option. Damaged input does not cause an error; the summary counts the damage. */
export type DtraceErrorCode = 'INVALID_OPTIONS';

/** Thrown by the parser's constructor. Reading input can only throw a `StacksError` (`MIXED_UNITS`). */
export class DtraceError extends Error {
  override readonly name = 'DtraceError';
  readonly code: DtraceErrorCode;

  constructor(code: DtraceErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
