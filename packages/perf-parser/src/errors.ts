/** What can end parsing: an option with a value that is not allowed. Damage in the input is counted in the summary. */
export type PerfErrorCode = 'INVALID_OPTIONS';

/** Thrown when a parser is made. Reading only fails with the `MIXED_UNITS` of `StacksError`. */
export class PerfError extends Error {
  override readonly name = 'PerfError';
  readonly code: PerfErrorCode;

  constructor(code: PerfErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
