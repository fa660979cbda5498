import type { CallTreeErrorCode } from '@stapflame/call-tree';
import type { FirefoxErrorCode } from '@stapflame/firefox-writer';
import type { DiffErrorCode } from '@stapflame/diff';
import type { FolderErrorCode } from '@stapflame/folder';
import type { FunctionsErrorCode } from '@stapflame/functions';
import type { PprofErrorCode } from '@stapflame/pprof-writer';
import type { SpeedscopeErrorCode } from '@stapflame/speedscope-writer';
import type { StacksErrorCode } from '@stapflame/stacks';
import type { DoctorErrorCode } from '@stapflame/stap-doctor';
import type { ParserErrorCode } from '@stapflame/stap-parser';
import type { RunnerErrorCode } from '@stapflame/stap-runner';
import type { ScriptErrorCode } from '@stapflame/stap-script';
import type { RendererErrorCode } from '@stapflame/svg-renderer';
import type { SymbolsErrorCode } from '@stapflame/symbols';
import type { TablesErrorCode } from '@stapflame/tables';

/** Exit codes, modelled on sysexits.h. They are part of the public interface. */
export const Exit = {
  /** The command succeeded and the output is complete. */
  OK: 0,
  /** A comparison found a larger increase than `--fail-above` allows. */
  FAILED: 1,
  /** The command line is not valid. */
  USAGE: 64,
  /** The input contains nothing usable. */
  DATA: 65,
  /** An input cannot be opened. */
  NO_INPUT: 66,
  /** A required program is missing. */
  MISSING: 69,
  /** There is a bug in stapflame. */
  SOFTWARE: 70,
  /** Reading or writing a file, including a temporary file, failed. */
  IO: 74,
  /** Output was written, but the input was damaged, truncated, over a limit or incomplete. */
  INCOMPLETE: 75,
  /** A permission is missing. */
  PERMISSION: 77,
  /** The kernel or its headers are not suitable, or this process is not allowed enough memory or open files. */
  CONFIGURATION: 78,
} as const;
export type ExitCode = (typeof Exit)[keyof typeof Exit];

/** An error that ends a command with a message for the user and an exit code. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.exitCode = exitCode;
  }
}

/** Every stage's error codes. */
type StageErrorCode =
  | StacksErrorCode
  | DiffErrorCode
  | ParserErrorCode
  | SymbolsErrorCode
  | FolderErrorCode
  | RendererErrorCode
  | FunctionsErrorCode
  | CallTreeErrorCode
  | TablesErrorCode
  | PprofErrorCode
  | SpeedscopeErrorCode
  | FirefoxErrorCode
  | ScriptErrorCode
  | RunnerErrorCode
  | DoctorErrorCode;

/** The exit code for each stage error. New error codes must be added here. */
const OF_STAGES: Readonly<Record<StageErrorCode, ExitCode>> = {
  INVALID_OPTIONS: Exit.USAGE,
  TOO_COSTLY: Exit.USAGE,
  EMPTY_INPUT: Exit.DATA,
  INVALID_SYMBOLS: Exit.DATA,
  INVALID_TEXT: Exit.DATA,
  LINE_TOO_LONG: Exit.DATA,
  MIXED_UNITS: Exit.DATA,
  STACK_TOO_DEEP: Exit.DATA,
  SUM_TOO_LARGE: Exit.DATA,
  TWO_WEIGHTS: Exit.DATA,
  TOO_MANY_FRAMES: Exit.DATA,
  TOO_MANY_HOSTS: Exit.DATA,
  UNSORTED: Exit.DATA,
  INVALID_SAMPLE: Exit.SOFTWARE,
  INVALID_STACKS: Exit.SOFTWARE,
  MIXED_INPUT: Exit.SOFTWARE,
  SCRIPT_TOO_LONG: Exit.SOFTWARE,
  SPILL_FAILED: Exit.IO,
  PROBE_FAILED: Exit.IO,
  PROBE_INCOMPLETE: Exit.IO,
  PROGRAM_MISSING: Exit.MISSING,
  LOGIN_REFUSED: Exit.PERMISSION,
};

/** Operating system error codes for files that cannot be read or written. */
const OF_DISKS = new Set(['ENOSPC', 'EIO', 'EROFS', 'EFBIG', 'EACCES', 'EPERM', 'EISDIR', 'ENOENT']);

/** Returns the exit code for an error. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CliError) return error.exitCode;
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string') return Exit.SOFTWARE;
  if (Object.hasOwn(OF_STAGES, code)) return OF_STAGES[code as StageErrorCode];
  return OF_DISKS.has(code) ? Exit.IO : Exit.SOFTWARE;
}
