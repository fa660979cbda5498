/** What can end the making of a script. */
export type ScriptErrorCode =
  /** An option is missing or has a value it cannot have. */
  'INVALID_OPTIONS';

/** Thrown by every function of this package, and the error of its streams. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
  readonly code: ScriptErrorCode;

  constructor(code: ScriptErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
