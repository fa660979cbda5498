/** Why a runner could not be created, or why it rejected its script. A failed run is data, not an error. */
export type RunnerErrorCode =
  /** An option has an invalid value. */
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
