/** Why an examination failed. Findings are data, not errors. */
export type DoctorErrorCode =
  /** The value of an option is not allowed. */
  | 'INVALID_OPTIONS'
  /** The host could not be reached, or the probe did not end. */
  | 'PROBE_FAILED'
  /** The host refused the login. */
  | 'LOGIN_REFUSED'
  /** There is no ssh, or no sh. */
  | 'PROGRAM_MISSING'
  /** The probe's output breaks off, or is not its output. */
  | 'PROBE_INCOMPLETE';

/** Thrown by the functions of this package, and the error of its streams. */
export class DoctorError extends Error {
  override readonly name = 'DoctorError';
  readonly code: DoctorErrorCode;

  constructor(code: DoctorErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
