/** Exit codes: a promise to users (after sysexits.h). */
export const Exit = {
  /** Complete. */
  OK: 0,
  /** The command line is wrong. */
  USAGE: 64,
  /** Nothing usable in the input. */
  DATA: 65,
  /** An input cannot be opened. */
  NO_INPUT: 66,
  /** A program that is needed is missing. */
  MISSING: 69,
  /** Our fault. */
  SOFTWARE: 70,
  /** Reading, writing or temporary files failed. */
  IO: 74,
  /** Output was delivered, but the input was damaged, cut, over a limit or incomplete. */
  INCOMPLETE: 75,
  /** Not permitted. */
  PERMISSION: 77,
  /** The kernel or its headers do not fit, or this process may not have the memory or the open files it needs. */
  CONFIGURATION: 78,
} as const;
export type ExitCode = (typeof Exit)[keyof typeof Exit];

/** Ends a command with a message for the user and an exit code. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.exitCode = exitCode;
  }
}

/** Errors of the stages that say the input cannot be used, and those that say the disk cannot. */
const DATA_CODES = new Set([
  'COUNT_TOO_LARGE',
  'TOO_MANY_HOSTS',
  'SUM_TOO_LARGE',
  'STACK_TOO_DEEP',
  'UNSORTED',
  'TOO_MANY_FRAMES',
  'LINE_TOO_LONG',
]);
const IO_CODES = new Set([
  'SPILL_FAILED',
  'ENOSPC',
  'EIO',
  'EROFS',
  'EFBIG',
  'EACCES',
  'EPERM',
  'EISDIR',
  'ENOENT',
  'PROBE_FAILED',
  'PROBE_INCOMPLETE',
]);
/** Errors of the stages that are about the input as a whole. */
const EMPTY_CODES = new Set(['EMPTY_INPUT', 'NO_STACKS']);

/** What an error means to the shell. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CliError) return error.exitCode;
  const code = (error as { code?: unknown }).code;
  if (typeof code !== 'string') return Exit.SOFTWARE;
  if (code === 'INVALID_OPTIONS' || code === 'TOO_COSTLY') return Exit.USAGE;
  if (code === 'PROGRAM_MISSING') return Exit.MISSING;
  if (code === 'LOGIN_REFUSED') return Exit.PERMISSION;
  if (DATA_CODES.has(code) || EMPTY_CODES.has(code)) return Exit.DATA;
  return IO_CODES.has(code) ? Exit.IO : Exit.SOFTWARE;
}
