/** Why stacks cannot be made or read. */
export type StacksErrorCode =
  /** A sample that is not a stack: it has no frames, or a count that cannot be a weight. */
  | 'INVALID_SAMPLE'
  /** A line of folded text is longer than the limit. */
  | 'LINE_TOO_LONG'
  /** A folded text cannot be merged line by line: it is not sorted, or one of its lines is not plain. */
  | 'UNSORTED'
  /** Inputs have different units, so their weights cannot be summed. */
  | 'MIXED_UNITS'
  /** Temporary files cannot be created, written or read. */
  | 'SPILL_FAILED';

/** The error that all functions and streams of this package throw. */
export class StacksError extends Error {
  override readonly name = 'StacksError';
  readonly code: StacksErrorCode;
  /** Line number in folded text, or sample number, from 1. */
  readonly line: number | undefined;

  constructor(code: StacksErrorCode, message: string, line?: number, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.line = line;
  }
}
