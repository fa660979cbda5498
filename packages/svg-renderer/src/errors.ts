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
  /** One renderer was given both folded text and stacks in columns, where their order counts. */
  | 'MIXED_INPUT'
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

export function unsorted(line: number): RendererError {
  return new RendererError(
    'UNSORTED',
    `line ${line} is out of order frame by frame; fold the input first, or leave out --sorted`,
    line,
  );
}

export function tooManyFrames(line: number, most: number): RendererError {
  return new RendererError(
    'TOO_MANY_FRAMES',
    `line ${line} brings more than ${most} different frames; fold the input first and say that it is sorted`,
    line,
  );
}

export function lineTooLong(line: number, most: number): RendererError {
  return new RendererError(
    'LINE_TOO_LONG',
    `line ${line} is over ${most} bytes; is it folded text? If so, allow longer lines (--max-line-length)`,
    line,
  );
}

export function sumTooLarge(what: 'line' | 'stack', line: number): RendererError {
  return new RendererError(
    'SUM_TOO_LARGE',
    `at ${what} ${line} the sum of counts passes ${Number.MAX_SAFE_INTEGER}, the largest exact one; scale the counts down`,
    line,
  );
}
