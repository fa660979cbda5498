/** What can end parsing: an option with a value that is not allowed. Damage in the input is counted in the summary. */
export type BpftraceErrorCode = 'INVALID_OPTIONS';

/** Thrown when a parser is made. Reading only fails with the `MIXED_UNITS` of `StacksError`. */
export class BpftraceError extends Error {
  override readonly name = 'BpftraceError';
  readonly code: BpftraceErrorCode;

  constructor(code: BpftraceErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
