/** What can be wrong with stacks that are made or read. */
export type StacksErrorCode =
  /** A sample that is not a stack: it has no frames, or a count that cannot be a weight. */
  | 'INVALID_SAMPLE'
  /** A line of folded text is longer than the limit. */
  | 'LINE_TOO_LONG'
  /** A folded text that was to be merged line by line is not sorted, or has a line that is not plain. */
  | 'UNSORTED'
  /** Inputs count in different units, so their weights cannot be summed. */
  | 'MIXED_UNITS'
  /** Temporary files cannot be made, written or read. */
  | 'SPILL_FAILED';

/** Thrown by every function of this package, and the error of its streams. */
export class StacksError extends Error {
  override readonly name = 'StacksError';
  readonly code: StacksErrorCode;
  /** Number of the line in folded text, or of the sample, from 1. */
  readonly line: number | undefined;

  constructor(code: StacksErrorCode, message: string, line?: number, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.line = line;
  }
}
