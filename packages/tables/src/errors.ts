/** Why a table could not be written. The only possible reason is that an option has an invalid value. */
export type TablesErrorCode = 'INVALID_OPTIONS';

/** The error thrown by all functions of this package. */
export class TablesError extends Error {
  override readonly name = 'TablesError';
  readonly code: TablesErrorCode;

  constructor(code: TablesErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
