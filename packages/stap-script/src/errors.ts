/** The reason why no script was generated. */
export type ScriptErrorCode =
  /** An option is missing, contradicts another or has a value that is not allowed. */
  | 'INVALID_OPTIONS'
  /** The script would need more samples, bytes or kernel memory (`needed`) than allowed (`limit`). */
  | 'TOO_COSTLY';

/** Thrown by the functions and emitted by the streams of this package. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
  readonly code: ScriptErrorCode;
  /** The option that is invalid or, with `TOO_COSTLY`, the option that lowers the cost. */
  readonly option: string | undefined;
  /** The allowed number of bytes (memory) or bytes per second (rate). Only with `TOO_COSTLY`. */
  readonly limit: number | undefined;
  /** The estimated number of bytes or bytes per second, which exceeds the limit. Only with `TOO_COSTLY`. */
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
