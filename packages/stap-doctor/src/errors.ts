/** Reasons why the doctor itself fails. The problems that it finds are data, not errors. */
export type DoctorErrorCode =
  /** An option has an invalid value. */
  | 'INVALID_OPTIONS'
  /** The host could not be reached, or the probe did not end in time. */
  | 'PROBE_FAILED'
  /** The host refused the login. */
  | 'LOGIN_REFUSED'
  /** The program ssh or sh is missing. */
  | 'PROGRAM_MISSING'
  /** The input is not the probe's output, or its end is missing. */
  | 'PROBE_INCOMPLETE';

/** The error that this package's functions throw and its streams emit. */
export class DoctorError extends Error {
  override readonly name = 'DoctorError';
  readonly code: DoctorErrorCode;

  constructor(code: DoctorErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
