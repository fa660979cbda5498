/** Reasons why stacks cannot be created, read or merged. */
export type StacksErrorCode =
  /** A sample has no frames, or its count cannot be a weight. */
  | 'INVALID_SAMPLE'
  /** A line of folded text is longer than the limit. */
  | 'LINE_TOO_LONG'
  /** Folded text cannot be merged line by line, because it is not sorted, or is not in the writer's format. */
  | 'UNSORTED'
  /** The sum of weights is larger than JavaScript's numbers. */
  | 'SUM_TOO_LARGE'
  /** Inputs have different units, so their weights cannot be summed. */
  | 'MIXED_UNITS'
  /** Temporary files cannot be created, written or read. */
  | 'SPILL_FAILED';

/** The error that all of this package's functions and streams throw. */
export class StacksError extends Error {
  override readonly name = 'StacksError';
  readonly code: StacksErrorCode;
  /** The number of the line in folded text, or of the sample, counted from 1. */
  readonly line: number | undefined;

  constructor(code: StacksErrorCode, message: string, line?: number, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.line = line;
  }
}
