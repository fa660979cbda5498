/** Why parsing can fail: an invalid option value. Damage in the input is counted in the summary. */
export type PerfErrorCode = 'INVALID_OPTIONS';

/** Thrown when a parser is created. Reading can only fail with a `StacksError` (`MIXED_UNITS`). */
export class PerfError extends Error {
  override readonly name = 'PerfError';
  readonly code: PerfErrorCode;

  constructor(code: PerfErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
