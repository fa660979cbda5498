import { createRequire } from 'node:module';
import { CommanderError } from 'commander';
import type { CommonOptions } from './commands/context.ts';
import { Exit, exitCodeOf, type ExitCode } from './exit.ts';
import { whyIncomplete } from './incomplete.ts';
import { pictureNotes } from './picture-notes.ts';
import { COMMAND_NAMES, createProgram } from './program.ts';
import { complaints, summaryLine, writeSummary, type Summary } from './summary.ts';
import { forTerminal } from './terminal.ts';
import { nameExpectations, optionMessage, usageMessage, valueOf } from './usage.ts';

const { version } = createRequire(import.meta.url)('stapflame/package.json') as { version: string };

/** Runs one command line and gives the exit code. Messages go to stderr. */
export async function run(words: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = Exit.OK;
  const report = async (
    summary: Summary,
    options: CommonOptions,
    inputs: readonly string[],
  ): Promise<void> => {
    if (!summary.complete) exitCode = Exit.INCOMPLETE;
    const incomplete = whyIncomplete(summary);
    if (!options.quiet)
      say([...complaints(summary), ...pictureNotes(options, summary), summaryLine(summary)]);
    if (incomplete !== undefined) say([incomplete]);
    if (options.summary !== undefined) {
      const others = options.output === undefined ? inputs : [...inputs, options.output];
      await writeSummary(
        options.summary,
        { ...summary, ...(incomplete !== undefined && { incomplete }) },
        others,
      );
    }
  };
  // a reader that goes away is no failure: help for `head`, messages for a pager that was left
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosed);
  nameExpectations();
  try {
    const program = await createProgram(version, words, report);
    await program.parseAsync(words, { from: 'user' });
    return exitCode;
  } catch (error) {
    return explain(error, words);
  }
}

function explain(error: unknown, words: readonly string[]): ExitCode {
  if (error instanceof CommanderError) {
    // help and version were asked for
    if (error.exitCode === 0) return Exit.OK;
    if (error.code !== 'commander.help') say([usageMessage(error, COMMAND_NAMES)]);
    return Exit.USAGE;
  }
  const { code, message, stack } = error as NodeJS.ErrnoException;
  // whoever read our output has seen enough
  if (code === 'EPIPE') return Exit.OK;
  if (isNoMemory(error)) {
    say([
      `${message}: this process gets no more memory; allow it more (ulimit -v), use less (--memory), or let malloc take less of the address space (MALLOC_ARENA_MAX=1)`,
    ]);
    return Exit.CONFIGURATION;
  }
  const base = valueOf('--base', words);
  if (base !== undefined && (code === 'EMPTY_INPUT' || code === 'NO_STACKS')) {
    say([`no stack has a frame named ${base} (--base), so there is nothing to draw`]);
    return Exit.DATA;
  }
  const exitCode = exitCodeOf(error);
  if (exitCode === Exit.SOFTWARE)
    say(['this is a fault of stapflame itself, please report it:', ...String(stack).split('\n')]);
  else say([code === 'INVALID_OPTIONS' || code === 'TOO_COSTLY' ? optionMessage(message, words) : message]);
  return exitCode;
}

/** Of the runtime for its arrays, and of the stages for their WebAssembly. */
function isNoMemory(error: unknown): boolean {
  return error instanceof RangeError && /allocat|no memory/.test(error.message);
}

function ignoreClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function say(lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(`stapflame: ${forTerminal(line)}\n`);
}
