/** Why no script was generated. */
export type ScriptErrorCode =
  /** An option is missing, contradicts another or has an invalid value. */
  | 'INVALID_OPTIONS'
  /** The run would print more bytes per second or need more kernel memory (`needed`) than allowed (`limit`). */
  | 'TOO_COSTLY';

/** Thrown by this package's functions and emitted by its streams. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
  readonly code: ScriptErrorCode;
  /** The option that is invalid or, with `TOO_COSTLY`, the option that lowers the cost. */
  readonly option: string | undefined;
  /** The limit in bytes (memory) or bytes per second (rate). Only with `TOO_COSTLY`. */
  readonly limit: number | undefined;
  /** The estimate, in the same unit, which exceeds the limit. Only with `TOO_COSTLY`. */
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
