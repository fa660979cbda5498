/** What can end rendering. */
export type RendererErrorCode =
  /** An option has a value it cannot have. */
  | 'INVALID_OPTIONS'
  /** Not one stack with a weight in the input. */
  | 'EMPTY_INPUT'
  /** Stacks said to be sorted are not. */
  | 'UNSORTED'
  /** Stacks in no order have more distinct frames than the tree may hold. */
  | 'TOO_MANY_FRAMES'
  /** What came in is no batch of stacks, or breaks what a batch promises. */
  | 'INVALID_STACKS'
  /** Folded text that cannot be read. */
  | 'INVALID_TEXT'
  /** One renderer was given both folded text and stacks. */
  | 'MIXED_INPUT';

/** Thrown by every function of this package, and the error of its streams. */
export class RendererError extends Error {
  override readonly name = 'RendererError';
  readonly code: RendererErrorCode;
  /** Number of the stack, or of the line of folded text, that it is about, from 1. */
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
    `stack ${stack} is out of order frame by frame; fold the input first, or leave out --sorted`,
    stack,
  );
}

export function tooManyFrames(stack: number, most: number): RendererError {
  return new RendererError(
    'TOO_MANY_FRAMES',
    `stack ${stack} brings more than ${most} different frames; fold the input first`,
    stack,
  );
}
