/**
 * This package's only error is an invalid option. Damaged input does not cause an error; the summary counts the damage.
 */
export type BpftraceErrorCode = 'INVALID_OPTIONS';

/** Thrown by the parser's constructor. Reading input can only throw a `StacksError` (`MIXED_UNITS`). */
export class BpftraceError extends Error {
  override readonly name = 'BpftraceError';
  readonly code: BpftraceErrorCode;

  constructor(code: BpftraceErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
