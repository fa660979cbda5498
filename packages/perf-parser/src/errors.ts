/** The only error is an invalid option. Damaged input does not cause an error; the summary counts the damage. */
export type PerfErrorCode = 'INVALID_OPTIONS';

/** Thrown by the parser's constructor. Reading input can only throw a `StacksError` (`MIXED_UNITS`). */
export class PerfError extends Error {
  override readonly name = 'PerfError';
  readonly code: PerfErrorCode;

  constructor(code: PerfErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
