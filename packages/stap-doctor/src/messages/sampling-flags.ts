import type { Finding, Fix } from '../finding.ts';
import { sh, type Command, type Words } from '../shell.ts';

/** Flags of `stapflame record`. Some of these letters have other meanings in stap. */
const RECORD_FLAGS: ReadonlySet<string> = new Set([
  '-F',
  '-l',
  '-t',
  '--max-backtrace',
  '--mode',
  '--event',
  '--kind',
  '--fit',
]);
/** The flag that names a module, in both stap and `stapflame record`. */
const MODULE = '-d';

/** Makes a fix that samples again with flags for stap or, if stap has no such flag, for `stapflame record`. */
export function sampleAgain(again: Words, extra: Omit<Fix, 'commands' | 'again'> = {}): Fix {
  return { commands: [], again, ...extra };
}

/** Returns a line that names the flags to add and the command to add them to. */
export function sampleAgainText(again: Words): string {
  const program = again.some((word) => RECORD_FLAGS.has(word)) ? 'stapflame record' : 'stap';
  return `Add to the ${program} command: ${sh`${again}`}`;
}

/**
 * Returns the complete command for sampling again: the command that ran, plus the flags from each finding's first fix
 * that consists of flags and has no risk. Returns `undefined` if there are no flags to add: a command that has just
 * failed is not suggested again.
 *
 * @param command the command that ran, as arguments, starting with `stapflame`
 */
export function commandToSampleAgain(
  command: readonly [string, ...string[]],
  findings: readonly Finding[],
): Command | undefined {
  const added: string[] = [];
  const given = new Set<string>();
  for (const { fixes } of findings)
    for (const flag of flagsOf(fixes.find(isHarmless)?.again ?? [])) {
      const name = flag[0]!.replace(/=.*/, '');
      // if several fixes set the same flag, the first value is used, but the modules of all fixes are added
      if (name !== MODULE && given.has(name)) continue;
      given.add(name);
      const words = recordWords(flag);
      if (!holds(command, words)) added.push(...words);
    }
  return added.length === 0 ? undefined : sh`${[...command, ...added]}`;
}

/** Whether the command contains these arguments in sequence. */
function holds(command: readonly string[], words: readonly string[]): boolean {
  return command.some((_, at) => words.every((word, i) => command[at + i] === word));
}

const isHarmless = ({ again, risk }: Fix): boolean => again !== undefined && risk === undefined;

/** Groups arguments into flags, each with its values. */
function flagsOf(again: readonly string[]): readonly (readonly string[])[] {
  const flags: string[][] = [];
  for (const word of again) {
    const flag = flags.at(-1);
    // a module's file name may start with a dash
    const isFile = flag?.length === 1 && flag[0] === MODULE;
    if (flag === undefined || (word.startsWith('-') && !isFile)) flags.push([word]);
    else flag.push(word);
  }
  return flags;
}

/** Returns a flag as arguments for `stapflame record`, whose `-a` option passes flags on to stap. */
function recordWords(flag: readonly string[]): readonly string[] {
  return flag[0] === MODULE || RECORD_FLAGS.has(flag[0]!) ? flag : ['-a', flag.join(' ')];
}
