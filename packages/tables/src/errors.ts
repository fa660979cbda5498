/** The reason why a table could not be written. The only reason is an option with a value that is not allowed. */
export type TablesErrorCode = 'INVALID_OPTIONS';

/** Thrown by all functions of this package. */
export class TablesError extends Error {
  override readonly name = 'TablesError';
  readonly code: TablesErrorCode;

  constructor(code: TablesErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
