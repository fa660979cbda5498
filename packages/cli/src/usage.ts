import { existsSync } from 'node:fs';
import type { CommanderError } from 'commander';
import * as z from 'zod/mini';
import { commandNamed, neverNeeded, optionNamed } from './other-names.ts';

/** Flags whose names differ from those of the library options that they set. */
const FLAGS: Readonly<Record<string, string>> = {
  seconds: '--time',
  maxBacktrace: '--max-backtrace',
  minWait: '--min',
  maxWait: '--max',
  distribution: '--distr',
  maxKernelMemory: '--max-kernel-memory',
  maxRate: '--max-rate',
  modules: '--module',
  allModules: '--all-modules',
  stapArguments: '--stap-arguments',
  compileFor: '--compile-for',
  sshArguments: '--ssh-arguments',
  tmpdir: '--tmpdir',
  cp: '--palette-map',
};
/** Matches option names that are not English words. Even in a sentence, such a name can only mean the option. */
const NAMES =
  /\b(?:seconds|maxBacktrace|minWait|maxWait|maxKernelMemory|maxRate|allModules|stapArguments|compileFor|sshArguments)\b/g;
const TARGETS = 'expected one of pid, pids, command and system';

/** Matches an error as zod prints it, with a mark before the message and the field's name on the next line. */
const CHECKED = /^(?:\w+ options: )?\u2716 ([^\n]*)(?:\n {2}\u2192 at ([\w.]+))?[^]*$/;

/**
 * Sets the messages for the option checks in all stages. Checks without a message here or in the stage use zod's
 * English message. The checks are interpreted instead of compiled, because they run only once.
 */
export function nameExpectations(): void {
  z.config({ ...z.locales.en(), customError: expectation, jitless: true });
}

function expectation({ code, input, ...issue }: z.core.$ZodRawIssue): string | undefined {
  const got = `, got ${typeof input === 'string' ? `"${input.slice(0, 60)}"` : String(input).slice(0, 60)}`;
  if (code === 'invalid_value') return `expected one of ${(issue['values'] as unknown[]).join(', ')}${got}`;
  if (code === 'too_small' && issue['origin'] === 'string') return 'expected some text, got none';
  if (code === 'too_small')
    return `expected ${issue['inclusive'] === false ? 'more than' : 'at least'} ${String(issue['minimum'])}${got}`;
  if (code === 'too_big') return `expected at most ${String(issue['maximum'])}${got}`;
  return undefined;
}

/**
 * Rewrites a library's message about an option, so that it names the command-line flag instead.
 *
 * @param words the command-line arguments, which include the option's value
 */
export function optionMessage(message: string, words: readonly string[]): string {
  if (message.includes(TARGETS))
    return 'expected one of --pid, --pids, --command and --system; add -p PID to sample a process';
  const plain = message.replace(CHECKED, (_, said: string, at?: string) =>
    at === undefined ? said : `${at}: ${said}`,
  );
  const [, field = '', text = plain] = /^([A-Za-z]+)(?:\.\d+)?: ([^]*)$/.exec(plain) ?? [];
  const said = text
    .replaceAll(NAMES, (name) => FLAGS[name] ?? name)
    .replaceAll(/\b(mode|kind)(?= (?:stream|aggregate|on-cpu|off-cpu)\b)/g, '--$1')
    .replaceAll(/\b(add|and) (host|limit)\b/g, '$1 --$2')
    .replace(/; change it or leave it out$/, '');
  if (field === '') return said;
  const flag = FLAGS[field] ?? `--${field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const value = /^expected (?!.*, got )/.test(said) ? valueOf(flag, words) : undefined;
  const whole = value === undefined ? said : `${said}, got "${value}"`;
  return `${flag}: ${whole}${suggestion(whole)}`;
}

/** Returns the value given to a flag. */
function valueOf(flag: string, words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => word === flag || word.startsWith(`${flag}=`));
  return at < 0 ? undefined : words[at]!.includes('=') ? words[at]!.slice(flag.length + 1) : words[at + 1];
}

/** Matches commander's message about an argument. */
const ARGUMENT = /^command-argument value '([^]*)' is invalid for argument '(\w+)'\. ([^]*)\.$/;

/** What is known about an invalid command line. */
export interface Usage {
  /** The names of all commands. */
  readonly commands: readonly string[];
  /** The command that the command line names. */
  readonly command?: string | undefined;
  /** The command's options, such as `--output`. */
  readonly options: ReadonlySet<string>;
}

/** Rewrites commander's message in our own words. */
export function usageMessage({ code, message }: CommanderError, usage: Usage): string {
  const text = message.replace(/^error: /, '').replace(/\n\(Did you mean [^]*\?\)$/, '');
  const near = /\(Did you mean (?:one of )?([^]*)\?\)$/.exec(message)?.[1];
  const [quoted = '', second = ''] = [...text.matchAll(/'([^']*)'/g)].map(([, word]) => word!);
  switch (code) {
    case 'commander.unknownCommand':
      return unknownCommand(quoted, usage.commands);
    case 'commander.unknownOption':
      return unknownOption(quoted.replace(/=.*/s, ''), near, usage);
    case 'commander.invalidArgument': {
      const [, value, name, expected] = ARGUMENT.exec(text) ?? [];
      const wanted = (expected ?? text)
        .replace(/^[^]*? is invalid\. /, '')
        .replace(/^Allowed choices are ([^.]*)\.?$/, 'expected one of $1')
        .replace(/\.$/, '');
      const said = `${wanted}, got ${value ?? second}`;
      if (name !== undefined) return `${name.toUpperCase()}: ${said}${suggestion(said)}`;
      const flag = quoted.replace(/ <.*/, '');
      // Here, `--format` is the format of the trace, but in other tools, it is the format of the output.
      const other = flag === '--format' && usage.options.has('--output-format');
      return `${flag}: ${said}${other ? '; --output-format is the format of the output' : suggestion(said)}`;
    }
    case 'commander.optionMissingArgument':
      return `${quoted.replace(/ <.*/, '')}: expected a value (${/<.*>/.exec(quoted)?.[0] ?? ''}), got none`;
    case 'commander.excessArguments': {
      const [, most = '', got = ''] = /Expected (\d+) arguments? but got (\d+)\.$/.exec(text) ?? [];
      const takes = most === '0' ? 'no arguments' : `${most} argument${most === '1' ? '' : 's'}`;
      const instead = usage.options.has('--pid') ? TO_SAMPLE : usage.options.has('--before') ? TO_SUM : '';
      return `${quoted} takes ${takes}, got ${got}${instead}`;
    }
    case 'commander.missingArgument':
      return `expected ${quoted.toUpperCase()}, got none${usage.command === undefined ? '' : `; stapflame ${usage.command} --help shows an example`}`;
    default:
      return text;
  }
}

const TO_SAMPLE = '; add -p PID to sample a process, or -c COMMAND to start and sample one';
const TO_SUM = '; for several files, use --before FILE… --after FILE…';

function unknownOption(flag: string, near: string | undefined, { command, options }: Usage): string {
  const said = `there is no option ${flag}`;
  const reason = neverNeeded(flag, options);
  if (reason !== undefined) return `${said}, and none is needed: ${reason}`;
  const meant = optionNamed(flag, options) ?? near;
  return meant === undefined
    ? `${said}; stapflame ${command ?? 'COMMAND'} --help lists them`
    : `${said}; did you mean ${meant}?`;
}

/** Returns the message for a first argument that is not a command; it may be a file name or a typo. */
export function unknownCommand(word: string, commands: readonly string[]): string {
  if (existsSync(word))
    return `${word} is a file, not a command; stapflame flame FILE draws a trace, and stapflame render FILE draws folded stacks`;
  const near = commandNamed(word) ?? nearest(word, commands);
  return `there is no command ${word}${near === undefined ? `; the commands are ${commands.join(', ')}` : `; did you mean ${near}?`}`;
}

/** Returns text such as `; did you mean red?` if the given value resembles one of the expected values. */
function suggestion(message: string): string {
  const [, list, got] = /expected one of (.+), got "?([^"]+)"?/.exec(message) ?? [];
  const near = list === undefined ? undefined : nearest(got!, list.split(/, | and | or /));
  return near === undefined ? '' : `; did you mean ${near}?`;
}

/**
 * Returns the name that was probably meant: one that differs from the word by at most two typos, which affect at most
 * half of the letters.
 */
function nearest(word: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((name) => ({ name, slips: slipsBetween(word, name) }))
    .filter(({ name, slips }) => slips <= 2 && slips * 2 < Math.max(word.length, name.length) + 1)
    .toSorted((a, b) => a.slips - b.slips);
  return best?.name;
}

/**
 * Returns how many letters must be added, dropped, changed or swapped to turn one word into the other (optimal string
 * alignment).
 */
function slipsBetween(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        row[j - 1]! + 1,
        rows[i - 1]![j]! + 1,
        rows[i - 1]![j - 1]! + same,
        ...(swapped ? [rows[i - 2]![j - 2]! + 1] : []),
      );
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
