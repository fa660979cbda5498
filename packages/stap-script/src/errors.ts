/** Why no script was made. */
export type ScriptErrorCode =
  /** An option is missing, contradicts another or has a value that is not allowed. */
  | 'INVALID_OPTIONS'
  /** More samples, bytes or kernel memory than allowed; `limit` is what was allowed, `needed` the estimate. */
  | 'TOO_COSTLY';

/** Thrown by every function of this package, and the error of its streams. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
  readonly code: ScriptErrorCode;
  /** The option at fault, or the one that lowers the cost. */
  readonly option: string | undefined;
  /** The allowed bytes (memory) or bytes a second (rate); only with `TOO_COSTLY`. */
  readonly limit: number | undefined;
  /** The estimated number of bytes, which is over the limit. */
  readonly needed: number | undefined;

  constructor(
    code: ScriptErrorCode,
    message: string,
    data: { readonly option?: string; readonly limit?: number; readonly needed?: number } = {},
  ) {
    super(message);
    this.code = code;
    this.option = data.option;
    this.limit = data.limit;
    this.needed = data.needed;
  }
}
