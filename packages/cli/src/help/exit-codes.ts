import { Exit, type ExitCode } from '../exit.ts';

/** The meaning of each exit code, for the help and the manual. */
export const EXIT_CODES: readonly (readonly [ExitCode, string])[] = [
  [Exit.OK, 'success, and the output is complete'],
  [Exit.FAILED, 'a comparison found a larger increase than --fail-above allows'],
  [Exit.USAGE, 'the command line is not valid'],
  [Exit.DATA, 'nothing usable in the input'],
  [Exit.NO_INPUT, 'an input cannot be opened'],
  [Exit.MISSING, 'a required program is missing'],
  [Exit.SOFTWARE, 'a bug in stapflame'],
  [Exit.IO, 'reading or writing a file failed'],
  [Exit.INCOMPLETE, 'output was written, but the input was damaged, truncated or incomplete'],
  [Exit.PERMISSION, 'a permission is missing'],
  [Exit.CONFIGURATION, 'the kernel or its headers are not suitable, or a limit of this process is too low'],
];

/** Returns the exit codes as the help shows them. */
export function exitCodesText(): string {
  const lines = EXIT_CODES.map(([code, meaning]) => `  ${String(code).padEnd(4)}${meaning}`);
  return `\nExit codes:\n${lines.join('\n')}\n`;
}
