import { holdsBytes, printfEscaped } from './bytes-in-text.ts';
import type { ResolvedRunnerOptions } from './options.ts';

/** A program and its arguments, as `spawn` expects them. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /**
   * Standard input carries the run's input, and after it only signs of life. The program ends the run if its standard
   * input ends or is silent for too long.
   */
  readonly held: boolean;
}

/** stap, which reads a script of `bytes` bytes from standard input. */
export function stapCommand(options: ResolvedRunnerOptions, bytes: number): Command {
  const { sudo, stap, stapArguments } = options;
  if (options.host === undefined && !sudo) return direct(stap, [...stapArguments, '-']);
  const words = [...(sudo ? SUDO : []), stap, ...stapArguments, '-'];
  return held(options, 'script.stp', bytes, `${quoted(words)} < "$d/script.stp"`);
}

/** Compiles the script on standard input into MODULE.ko in the current directory. */
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

/**
 * The program itself or, if an argument contains bytes that are not UTF-8, a shell that replaces itself with the
 * program.
 */
function direct(file: string, args: readonly string[]): Command {
  return args.some(holdsBytes)
    ? { file: 'sh', args: ['-c', `exec ${quoted([file, ...args])}`], held: false }
    : { file, args, held: false };
}

/**
 * Runs the module of `bytes` bytes on standard input. The buffer size and the target are not part of a module, so
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

/** Never asks for a password: nobody would see the question. */
export const SUDO: readonly string[] = ['sudo', '-n'];

function valueOf(args: readonly string[], flag: string): string | undefined {
  const at = args.lastIndexOf(flag);
  return at < 0 ? undefined : args[at + 1];
}

/** This many signs of life in a row may be missing. */
const PATIENCE = 4;

/**
 * A shell between us and the program. It passes on the input, and ends the program (by SIGTERM, after which stap
 * prints its trailer) when we close standard input or the link is dead. Our signals would not reach the far end,
 * and we may not send any to sudo. sudo passes on signals only from other process groups, hence setsid.
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

/** Runs a shell script, here or at the far end. */
export function shellCommand(options: ResolvedRunnerOptions, script: string): Omit<Command, 'held'> {
  return options.host === undefined
    ? { file: 'sh', args: ['-c', script] }
    : far(options, quoted(['sh', '-c', script]));
}

/** ssh without a terminal or questions, which notices dead links. After `--`, a host is never taken for an option. */
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

/** ssh passes one string to the shell at the far end, so each word is quoted to stay one word. */
export function quoted(words: readonly string[]): string {
  return words.map(quotedWord).join(' ');
}

function quotedWord(word: string): string {
  return holdsBytes(word) ? `"$(printf %b ${inQuotes(printfEscaped(word))})"` : inQuotes(word);
}

function inQuotes(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
