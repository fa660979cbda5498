import { CommanderError, type Command } from 'commander';
import type { CommonOptions } from './commands/context.ts';
import { Exit, exitCodeOf, type ExitCode } from './exit.ts';
import { whyIncomplete } from './incomplete.ts';
import { ownWords } from './io/file-names.ts';
import { isWithoutReader, standardOutput } from './io/output.ts';
import { standardError } from './io/standard-error.ts';
import { pictureNotes } from './picture-notes.ts';
import { plainNotes } from './plain-notes.ts';
import { COMMAND_NAMES, createProgram } from './program.ts';
import { complaints, summaryLine, writeSummary, type Summary } from './summary.ts';
import { forTerminal } from './terminal.ts';
import { nameExpectations, optionMessage, usageMessage, type Usage } from './usage.ts';
import { version } from './version.ts';

/**
 * Runs one command and returns the exit code. Messages go to stderr.
 *
 * @param words the command-line arguments. @defaultValue the arguments of this process
 */
export async function run(words: readonly string[] = ownWords()): Promise<ExitCode> {
  // The system sends this signal when a file reaches its size limit, which we report as a write error. Node ignores the
  // signal, but execa, which starts stap, makes it end the process unless there is a listener.
  process.on('SIGXFSZ', goOn);
  let exitCode: ExitCode = Exit.OK;
  const report = async (summary: Summary, options: CommonOptions): Promise<void> => {
    if (!summary.complete) exitCode = Exit.INCOMPLETE;
    const incomplete = whyIncomplete(summary);
    if (!options.quiet)
      say([
        ...complaints(summary),
        ...pictureNotes(options, summary),
        ...plainNotes(options, summary),
        summaryLine(summary),
      ]);
    if (incomplete !== undefined) say([incomplete]);
    if (options.summary !== undefined)
      await writeSummary(options.summary, { ...summary, ...(incomplete !== undefined && { incomplete }) });
  };
  nameExpectations();
  let help = '';
  let program: Command | undefined;
  try {
    const known = asMeant(words);
    program = await createProgram(version, known, report, (text) => (help += text));
    await program.parseAsync(known, { from: 'user' });
    return exitCode;
  } catch (error) {
    const isHelp = error instanceof CommanderError && error.exitCode === 0;
    return isHelp ? await print(help) : explain(error, words, program);
  }
}

/**
 * Replaces arguments that users may try: -V, with which many programs print their version, and `help help`, because the
 * help lists `help` as a command.
 */
function asMeant(words: readonly string[]): readonly string[] {
  const [first, second, ...more] = words;
  if (first === '-V') return ['-v', ...words.slice(1)];
  return first === 'help' && second === 'help' ? ['help', ...more] : words;
}

function goOn(): void {}

/** Prints the help or the version. */
async function print(text: string): Promise<ExitCode> {
  try {
    await standardOutput().write(Buffer.from(text));
    return Exit.OK;
  } catch (error) {
    return explain(error, []);
  }
}

function explain(error: unknown, words: readonly string[], program?: Command): ExitCode {
  if (error instanceof CommanderError) {
    if (error.code !== 'commander.help') say([usageMessage(error, usageOf(program, words))]);
    return Exit.USAGE;
  }
  const { code, message, stack } = error as NodeJS.ErrnoException;
  if (isWithoutReader(error)) return Exit.OK;
  if (isNoMemory(error)) {
    say([
      `${message}: this process cannot get more memory; raise the limit (ulimit -v), use less memory (--memory), or make malloc reserve less address space (MALLOC_ARENA_MAX=1)`,
    ]);
    return Exit.CONFIGURATION;
  }
  if (isOutOfFiles(error)) {
    say([`${message}; raise the limit on open files (ulimit -n)`]);
    return Exit.CONFIGURATION;
  }
  const exitCode = exitCodeOf(error);
  if (exitCode === Exit.SOFTWARE)
    say(['this is a bug in stapflame; please report it:', ...String(stack).split('\n')]);
  else say([code === 'INVALID_OPTIONS' || code === 'TOO_COSTLY' ? optionMessage(message, words) : message]);
  return exitCode;
}

function usageOf(program: Command | undefined, words: readonly string[]): Usage {
  const command = program?.commands.find(
    (each) => each.name() === words.find((word) => !word.startsWith('-')),
  );
  return {
    commands: COMMAND_NAMES,
    command: command?.name(),
    options: new Set(command?.options.flatMap(({ long }) => long ?? [])),
  };
}

/** Whether the JavaScript runtime or a stage's WebAssembly module ran out of memory. */
function isNoMemory(error: unknown): boolean {
  return error instanceof RangeError && /allocat|no memory/.test(error.message);
}

/** Whether this process or the system has reached its limit on open files. */
function isOutOfFiles(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, cause } = error as NodeJS.ErrnoException;
  return code === 'EMFILE' || code === 'ENFILE' || isOutOfFiles(cause);
}

function say(lines: readonly string[]): void {
  for (const line of lines) standardError().write(`stapflame: ${forTerminal(line)}\n`);
}
