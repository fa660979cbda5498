/** The reason why a runner could not be created or rejected its script. A run that fails is not an error, but data. */
export type RunnerErrorCode =
  /** The value of an option is not allowed. */
  | 'INVALID_OPTIONS'
  /** The script is longer than a mebibyte. */
  | 'SCRIPT_TOO_LONG';

/** Thrown by `createRunner` and emitted by its stream. */
export class RunnerError extends Error {
  override readonly name = 'RunnerError';
  readonly code: RunnerErrorCode;

  constructor(code: RunnerErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
