import { Option, type Command } from 'commander';
import { CliError, Exit } from './exit.ts';

/** Flags of the drawing commands. */
interface OpenFlags {
  readonly open?: boolean;
  readonly output?: string;
}

/** `--open`, for the drawing commands. */
export function openOption(): Option {
  return new Option('--open', 'open the output in the program that shows such files, usually the browser');
}

/** Refuses a wrong use of `--open` before anything is drawn. */
export function refuseOpen(command: Command): void {
  const { open, output } = command.opts<OpenFlags>();
  if (open !== true) return;
  if (output === undefined || output === '-')
    throw new CliError(Exit.USAGE, '--open: expected an output file to open; add -o flame.svg');
  // a browser that root starts for somebody else runs as root, and cannot reach that user's desktop
  if (process.getuid?.() === 0 && process.env['SUDO_UID'] !== undefined)
    throw new CliError(
      Exit.USAGE,
      '--open: root does not open pictures for another user; leave out --open, and open the file as yourself',
    );
}

/** Opens the output if the command line asks for it. The viewer keeps running when this process ends. */
export async function openOutput(command: Command): Promise<void> {
  const { open, output } = command.opts<OpenFlags>();
  if (open !== true || output === undefined) return;
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  // a name that begins with a dash must not become an option of that program
  const file = output.startsWith('-') ? `./${output}` : output;
  // loaded only here, because most commands open nothing
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
