import { Exit, type ExitCode } from '../exit.ts';

/** The meaning of each exit code, for the help and the manual. */
export const EXIT_CODES: readonly (readonly [ExitCode, string])[] = [
  [Exit.OK, 'complete'],
  [Exit.FAILED, 'a comparison found more than --fail-above allows'],
  [Exit.USAGE, 'the command line is wrong'],
  [Exit.DATA, 'nothing usable in the input'],
  [Exit.NO_INPUT, 'an input cannot be opened'],
  [Exit.MISSING, 'a program is missing'],
  [Exit.SOFTWARE, 'a fault in stapflame itself'],
  [Exit.IO, 'reading, writing or a temporary file failed'],
  [Exit.INCOMPLETE, 'output was written, but the input was damaged, cut or incomplete'],
  [Exit.PERMISSION, 'not permitted'],
  [Exit.CONFIGURATION, 'the kernel, or a limit of this process, does not fit'],
];

/** The exit codes, as the help shows them. */
export function exitCodesText(): string {
  const lines = EXIT_CODES.map(([code, meaning]) => `  ${String(code).padEnd(4)}${meaning}`);
  return `\nExit codes:\n${lines.join('\n')}\n`;
}
