/** Why parsing can fail: an invalid option value. Damage in the input is counted in the summary. */
export type BpftraceErrorCode = 'INVALID_OPTIONS';

/** Thrown when a parser is created. Reading can only fail with a `StacksError` (`MIXED_UNITS`). */
export class BpftraceError extends Error {
  override readonly name = 'BpftraceError';
  readonly code: BpftraceErrorCode;

  constructor(code: BpftraceErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
