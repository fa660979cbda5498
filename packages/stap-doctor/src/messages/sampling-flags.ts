import type { Finding, Fix } from '../finding.ts';
import { asWords, sh, type Command } from '../shell.ts';

/** Flags of `stapflame record`. stap has some of the same letters with other meanings. */
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
/** A flag that both commands have. */
const MODULE = '-d';

/** A fix that samples again with flags for stap, or for `stapflame record` if stap has no such flag. */
export function sampleAgain(
  again: readonly [string, ...string[]],
  extra: Omit<Fix, 'commands' | 'again'> = {},
): Fix {
  return { commands: [], again, ...extra };
}

/** The flags to add, and the command to add them to. */
export function sampleAgainText(again: readonly string[]): string {
  const program = again.some((word) => RECORD_FLAGS.has(word)) ? 'stapflame record' : 'stap';
  const flags = asWords(again);
  return flags === undefined ? '' : `Add to the options of ${program}: ${sh`${flags}`}`;
}

/**
 * The complete command to sample again with: the command that ran, plus, for each finding, the flags of its first fix
 * without a risk. `undefined` if no fix consists of flags, or if the command already has all of them: a command that
 * has just failed is not suggested again.
 *
 * @param command the words of the command that ran, starting with `stapflame`
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
      // the first value of each flag counts; modules add up
      if (name !== MODULE && given.has(name)) continue;
      given.add(name);
      const words = recordWords(flag);
      if (!holds(command, words)) added.push(...words);
    }
  return added.length === 0 ? undefined : sh`${[...command, ...added]}`;
}

/** Whether the command contains these words in sequence. */
function holds(command: readonly string[], words: readonly string[]): boolean {
  return command.some((_, at) => words.every((word, i) => command[at + i] === word));
}

const isHarmless = ({ again, risk }: Fix): boolean => again !== undefined && risk === undefined;

/** Each flag with its values. */
function flagsOf(again: readonly string[]): readonly (readonly string[])[] {
  const flags: string[][] = [];
  for (const word of again) {
    const flag = flags.at(-1);
    // a file may be called -x
    const isFile = flag?.length === 1 && flag[0] === MODULE;
    if (flag === undefined || (word.startsWith('-') && !isFile)) flags.push([word]);
    else flag.push(word);
  }
  return flags;
}

/** A flag as words for `stapflame record`, which passes on stap's own flags with `-a`. */
function recordWords(flag: readonly string[]): readonly string[] {
  return flag[0] === MODULE || RECORD_FLAGS.has(flag[0]!) ? flag : ['-a', flag.join(' ')];
}
