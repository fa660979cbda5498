/** What can end rendering. */
export type RendererErrorCode =
  /** An option has a value it cannot have. */
  | 'INVALID_OPTIONS'
  /** Not one stack with a weight in the input. */
  | 'EMPTY_INPUT'
  /** Input said to be sorted is not, or holds a stack before one that it extends. */
  | 'UNSORTED'
  /** Unsorted input has more distinct frames than the tree may hold. */
  | 'TOO_MANY_FRAMES'
  /** A sum of weights passes 2^53 − 1 and would not be exact. */
  | 'SUM_TOO_LARGE'
  /** A line over the limit. */
  | 'LINE_TOO_LONG';

/** Thrown by every function of this package, and the error of its streams. */
export class RendererError extends Error {
  override readonly name = 'RendererError';
  readonly code: RendererErrorCode;
  /** Number of the input line, or of the stack where there are no lines, that it is about, from 1. */
  readonly line: number | undefined;

  constructor(code: RendererErrorCode, message: string, line?: number) {
    super(message);
    this.code = code;
    this.line = line;
  }
}
