import { holdsBytes, printfEscaped } from './bytes-in-text.ts';
import type { ResolvedRunnerOptions } from './options.ts';

/** A program and its arguments, as `spawn` takes them. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /**
   * Standard input brings what is run, and then only signs of life. The program ends what it runs if its standard input
   * ends or is silent for too long.
   */
  readonly held: boolean;
}

/** stap, which takes the script of `bytes` bytes on standard input. */
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

/** The program itself or, where an argument holds bytes that are not UTF-8, a shell that becomes it. */
function direct(file: string, args: readonly string[]): Command {
  return args.some(holdsBytes)
    ? { file: 'sh', args: ['-c', `exec ${quoted([file, ...args])}`], held: false }
    : { file, args, held: false };
}

/**
 * Runs the module of `bytes` bytes on standard input. The size of the buffers and the target are not part of a module:
 * staprun is told them here, as stap would tell it.
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
 * A shell between us and the program. It takes the input, and ends the program (SIGTERM, on which stap prints its
 * trailer) when we close standard input or the link is dead. A signal of ours would not reach the far end, and we have no
 * right to send one to sudo. sudo passes a signal on only if it comes from another process group, hence setsid.
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

/** A script of the shell, here or at the far end. */
export function shellCommand(options: ResolvedRunnerOptions, script: string): Omit<Command, 'held'> {
  return options.host === undefined
    ? { file: 'sh', args: ['-c', script] }
    : far(options, quoted(['sh', '-c', script]));
}

/** No terminal, no questions, and a dead link is noticed. After `--` a host is never taken for an option. */
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

/** ssh hands one string to the shell of the far end: each word is quoted, so that it stays one word. */
export function quoted(words: readonly string[]): string {
  return words.map(quotedWord).join(' ');
}

function quotedWord(word: string): string {
  return holdsBytes(word) ? `"$(printf %b ${inQuotes(printfEscaped(word))})"` : inQuotes(word);
}

function inQuotes(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
