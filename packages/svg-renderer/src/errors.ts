/** Why rendering failed. */
export type RendererErrorCode =
  /** An option is unknown or has an invalid value. */
  | 'INVALID_OPTIONS'
  /** The input has no stack with a weight. */
  | 'EMPTY_INPUT'
  /** The sum of all weights is larger than JavaScript's numbers. */
  | 'SUM_TOO_LARGE'
  /** The stacks are not sorted, although the options say so. */
  | 'UNSORTED'
  /** Unsorted stacks have more distinct frames than the tree can hold. */
  | 'TOO_MANY_FRAMES'
  /** The input is not a valid batch of stacks. */
  | 'INVALID_STACKS'
  /** The folded text cannot be read. */
  | 'INVALID_TEXT'
  /** The renderer was given both folded text and stacks. */
  | 'MIXED_INPUT';

/** The error thrown by every function and stream in this package. */
export class RendererError extends Error {
  override readonly name = 'RendererError';
  readonly code: RendererErrorCode;
  /** Number of the stack, or of the line of folded text, that caused the error, counted from 1. */
  readonly line: number | undefined;

  constructor(code: RendererErrorCode, message: string, line?: number) {
    super(message);
    this.code = code;
    this.line = line;
  }
}

export function unsorted(stack: number): RendererError {
  return new RendererError(
    'UNSORTED',
    `stack ${stack} is out of order; fold the input first, or leave out --sorted`,
    stack,
  );
}

export function tooManyFrames(stack: number, most: number): RendererError {
  return new RendererError(
    'TOO_MANY_FRAMES',
    `the first ${stack} stacks have more than ${most} distinct frames; fold the input first`,
    stack,
  );
}
