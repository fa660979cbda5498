import { holdsBytes, printfEscaped } from './bytes-in-text.ts';
import type { ResolvedRunnerOptions } from './options.ts';

/** A program and its arguments, as `spawn` expects them. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /**
   * Whether keep-alive bytes must follow the input on standard input. The program ends the run if its standard input
   * ends or if no bytes arrive for too long.
   */
  readonly held: boolean;
}

/** Runs stap with a script of `bytes` bytes, read from standard input. */
export function stapCommand(options: ResolvedRunnerOptions, bytes: number): Command {
  const { sudo, debuginfoPath, stapArguments } = options;
  // env, because sudo and ssh pass no variables on
  const environment = debuginfoPath === undefined ? [] : ['env', `SYSTEMTAP_DEBUGINFO_PATH=${debuginfoPath}`];
  const [file = options.stap, ...args] = [...environment, options.stap, ...stapArguments, '-'];
  if (options.host === undefined && !sudo) return direct(file, args);
  const words = [...(sudo ? SUDO : []), file, ...args];
  return held(options, 'script.stp', bytes, `${quoted(words)} < "$d/script.stp"`);
}

/** Compiles the script from standard input into MODULE.ko in the current directory. */
export function compileCommand(options: ResolvedRunnerOptions, module: string): Command {
  return direct(options.stap, [
    '-p4',
    '-r',
    options.compileFor!,
    '-m',
    module,
    ...options.stapArguments,
    '-',
  ]);
}

/** Runs a program directly or, if an argument contains bytes that are not valid UTF-8, through a shell. */
function direct(file: string, args: readonly string[]): Command {
  return args.some(holdsBytes)
    ? { file: 'sh', args: ['-c', `exec ${quoted([file, ...args])}`], held: false }
    : { file, args, held: false };
}

/**
 * Runs a module of `bytes` bytes, read from standard input. The buffer size and the target are not part of a module, so
 * they are passed to staprun here, as stap would do.
 */
export function staprunCommand(options: ResolvedRunnerOptions, module: string, bytes: number): Command {
  const { stapArguments, sudo } = options;
  const staprun = [...(sudo ? SUDO : []), 'staprun'];
  for (const [flag, ours] of Object.entries({ '-s': '-b', '-x': '-x', '-c': '-c' })) {
    const value = valueOf(stapArguments, flag);
    if (value !== undefined) staprun.push(ours, value);
  }
  return held(options, `${module}.ko`, bytes, `${quoted(staprun)} "$d/${module}.ko" < /dev/null`);
}

/** sudo must not ask for a password, because nobody would see the prompt. */
export const SUDO: readonly string[] = ['sudo', '-n'];

function valueOf(args: readonly string[], flag: string): string | undefined {
  const at = args.lastIndexOf(flag);
  return at < 0 ? undefined : args[at + 1];
}

/** Number of keep-alive intervals without a byte after which the program is ended. */
const PATIENCE = 4;

/**
 * Runs the command line `run` under a shell script, which saves the input to a file and ends the program when standard
 * input is closed or the connection is lost. The script sends SIGTERM, which makes stap print its trailer. We cannot
 * send signals ourselves, because they do not reach another host, and because we are not allowed to signal sudo. sudo
 * ignores signals from its own process group, hence setsid.
 */
function held(options: ResolvedRunnerOptions, name: string, bytes: number, run: string): Command {
  const script = `d=$(mktemp -d) || exit
trap 'rm -rf "$d"' EXIT
trap '' INT
exec 3<&0
head -c ${bytes} <&3 > "$d/${name}"
${run} 3<&- &
run=$!
{
  while [ -n "$(timeout ${options.keepAlive * PATIENCE} head -c 1 <&3)" ]; do :; done
  setsid sh -c 'kill -TERM "$0" || sudo -n kill -TERM "$0"' $run
} > /dev/null 2>&1 &
watch=$!
exec 3<&-
wait $run
code=$?
kill $watch 2> /dev/null
exit $code`;
  return { ...shellCommand(options, script), held: true };
}

/** Runs a shell script on this machine or on the host. */
export function shellCommand(options: ResolvedRunnerOptions, script: string): Omit<Command, 'held'> {
  return options.host === undefined
    ? { file: 'sh', args: ['-c', script] }
    : far(options, quoted(['sh', '-c', script]));
}

/**
 * Runs a script with ssh, which uses no terminal, asks no questions and detects a lost connection. `--` prevents ssh
 * from parsing the host as an option.
 */
function far(
  { ssh, sshArguments, keepAlive, host }: ResolvedRunnerOptions,
  script: string,
): Omit<Command, 'held'> {
  const settings = ['BatchMode=yes', `ServerAliveInterval=${keepAlive}`, 'ServerAliveCountMax=3'];
  return {
    file: ssh,
    args: ['-T', ...settings.flatMap((setting) => ['-o', setting]), ...sshArguments, '--', host!, script],
  };
}

/** Quotes words for a shell and joins them, because ssh passes a single string to the shell on the host. */
export function quoted(words: readonly string[]): string {
  return words.map(quotedWord).join(' ');
}

function quotedWord(word: string): string {
  return holdsBytes(word) ? `"$(printf %b ${inQuotes(printfEscaped(word))})"` : inQuotes(word);
}

function inQuotes(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
