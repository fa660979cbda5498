import type { ResolvedRunnerOptions } from './options.ts';

/** A program and its arguments, as `spawn` takes them. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/** The script comes on standard input. */
export function stapCommand(options: ResolvedRunnerOptions): Command {
  const words = [...(options.sudo ? ['sudo', '-n'] : []), options.stap, ...options.stapArguments, '-'];
  return options.host === undefined ? { file: words[0]!, args: words.slice(1) } : far(options, quoted(words));
}

/** Compiles the script on standard input into MODULE.ko in the current directory. */
export function compileCommand(options: ResolvedRunnerOptions, module: string): Command {
  const args = ['-p4', '-r', options.compileFor!, '-m', module, ...options.stapArguments, '-'];
  return { file: options.stap, args };
}

/**
 * Takes the module on standard input and runs it. What stap would have told staprun is said here: the size
 * of the buffers and the target are no part of a module.
 */
export function staprunCommand(options: ResolvedRunnerOptions, module: string): Command {
  const { stapArguments, sudo } = options;
  const staprun = [...(sudo ? ['sudo', '-n'] : []), 'staprun'];
  for (const [flag, ours] of Object.entries({ '-s': '-b', '-x': '-x', '-c': '-c' })) {
    const value = valueOf(stapArguments, flag);
    if (value !== undefined) staprun.push(ours, value);
  }
  const script = `set -e; d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cat > "$d/${module}.ko"; ${quoted(staprun)} "$d/${module}.ko"`;
  return far(options, script);
}

function valueOf(args: readonly string[], flag: string): string | undefined {
  const at = args.lastIndexOf(flag);
  return at < 0 ? undefined : args[at + 1];
}

/** No terminal, no questions, and a link that is dead is noticed; `--` so that a host is never an option. */
function far({ ssh, sshArguments, keepAlive, host }: ResolvedRunnerOptions, script: string): Command {
  const settings = ['BatchMode=yes', `ServerAliveInterval=${keepAlive}`, 'ServerAliveCountMax=3'];
  return {
    file: ssh,
    args: ['-T', ...settings.flatMap((setting) => ['-o', setting]), ...sshArguments, '--', host!, script],
  };
}

/** ssh hands one string to the shell of the far end: each word is quoted, so that it stays one word. */
function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}
