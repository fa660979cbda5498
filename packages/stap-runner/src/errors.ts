/** Why a runner could not be made, or refused its script. The end of a run is data, not an error. */
export type RunnerErrorCode =
  /** The value of an option is not allowed. */
  | 'INVALID_OPTIONS'
  /** More than a mebibyte of script text came. */
  | 'SCRIPT_TOO_LONG';

/** Thrown by `createRunner`, and the error of its stream. */
export class RunnerError extends Error {
  override readonly name = 'RunnerError';
  readonly code: RunnerErrorCode;

  constructor(code: RunnerErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
