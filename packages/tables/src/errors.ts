/** Why a table could not be written: an option has a value it cannot have. */
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
