/** The only reason for a `PerfError` is an invalid option. Damage in the input is counted in the summary instead. */
export type PerfErrorCode = 'INVALID_OPTIONS';

/** Thrown when a parser is created with invalid options. Reading only throws a `StacksError` (`MIXED_UNITS`). */
export class PerfError extends Error {
  override readonly name = 'PerfError';
  readonly code: PerfErrorCode;

  constructor(code: PerfErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
