/** Why a table could not be written: the value of an option is not allowed. */
export type TablesErrorCode = 'INVALID_OPTIONS';

/** Thrown by every function of this package. */
export class TablesError extends Error {
  override readonly name = 'TablesError';
  readonly code: TablesErrorCode;

  constructor(code: TablesErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
