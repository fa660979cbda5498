/** What can end parsing. Damage in the input is no error: it is counted in the summary. */
export type PerfErrorCode =
  /** An option has a value it cannot have. */
  'INVALID_OPTIONS';

/** Thrown where a parser is made. Reading fails only with the `MIXED_UNITS` of `StacksError`. */
export class PerfError extends Error {
  override readonly name = 'PerfError';
  readonly code: PerfErrorCode;

  constructor(code: PerfErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
