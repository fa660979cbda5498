import { Option, type Command } from 'commander';
import { CliError, Exit } from './exit.ts';

/** Flags for the drawing commands. */
interface OpenFlags {
  readonly open?: boolean;
  readonly output?: string;
}

/** Creates `--open`, for the drawing commands. */
export function openOption(): Option {
  return new Option(
    '--open',
    'open the output in the default program for its file type, usually the browser',
  );
}

/** Throws, before anything is drawn, if `--open` cannot work. */
export function refuseOpen(command: Command): void {
  const { open, output } = command.opts<OpenFlags>();
  if (open !== true) return;
  if (output === undefined || output === '-')
    throw new CliError(Exit.USAGE, '--open: expected an output file to open; add -o flame.svg');
  // With sudo, the browser would run as root and could not reach the user's desktop.
  if (process.getuid?.() === 0 && process.env['SUDO_UID'] !== undefined)
    throw new CliError(
      Exit.USAGE,
      '--open: cannot open the picture as root; leave out --open, and open the file as your normal user',
    );
}

/** Opens the output if the command line asks for it. The viewer keeps running after this process ends. */
export async function openOutput(command: Command): Promise<void> {
  const { open, output } = command.opts<OpenFlags>();
  if (open !== true || output === undefined) return;
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  // The program would treat a name that begins with a dash as an option.
  const file = output.startsWith('-') ? `./${output}` : output;
  // Loaded only here, because most commands open nothing.
  const { spawn } = await import('node:child_process');
  const child = spawn(program, [file], { stdio: 'ignore', detached: true });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) =>
      reject(
        new CliError(
          Exit.MISSING,
          `--open: cannot start ${program} (${error.message}); open ${output} yourself`,
          error,
        ),
      ),
    );
  });
  child.unref();
}
