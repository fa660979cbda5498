import { Command } from 'commander';
import type { Report } from './commands/context.ts';
import { filesOf } from './commands/files.ts';
import { CliError, Exit } from './exit.ts';
import { refuseClashes } from './io/clashes.ts';
import { unknownCommand } from './usage.ts';

type Add = (program: Command, report: Report, words: readonly string[]) => Promise<void>;
/** Each command's flags and stages are loaded only when it is asked for: that halves the time to start. */
const COMMANDS: Readonly<Record<string, Add>> = {
  script: async (program) => (await import('./commands/script.ts')).addScriptCommand(program),
  record: async (program, _, words) =>
    (await import('./commands/record.ts')).addRecordCommand(program, words),
  parse: async (program, report) => (await import('./commands/parse.ts')).addParseCommand(program, report),
  fold: async (program, report) => (await import('./commands/fold.ts')).addFoldCommand(program, report),
  render: async (program, report) => (await import('./commands/render.ts')).addRenderCommand(program, report),
  flame: async (program, report, words) =>
    (await import('./commands/flame.ts')).addFlameCommand(program, report, words),
  top: async (program, report) => (await import('./commands/top.ts')).addTopCommand(program, report),
  peek: async (program, report) => (await import('./commands/peek.ts')).addPeekCommand(program, report),
  tree: async (program, report) => (await import('./commands/tree.ts')).addTreeCommand(program, report),
  merge: async (program, report) => (await import('./commands/merge.ts')).addMergeCommand(program, report),
  split: async (program) => (await import('./commands/split.ts')).addSplitCommand(program),
  diff: async (program, report) => (await import('./commands/diff.ts')).addDiffCommand(program, report),
  tabs: async (program) => (await import('./commands/tabs.ts')).addTabsCommand(program),
  doctor: async (program, report) => (await import('./commands/doctor.ts')).addDoctorCommand(program, report),
};

/** The command line for these words, without anything of the process it runs in. */
export async function createProgram(
  version: string,
  words: readonly string[],
  report: Report,
  writeHelp: (text: string) => void,
): Promise<Command> {
  const program = new Command('stapflame')
    .description('From sampling a process with SystemTap to a flame graph')
    .version(version)
    .exitOverride()
    // what is wrong with the words is said at the end, as everything else is
    .configureOutput({ writeOut: writeHelp, outputError: () => undefined })
    .hook('preAction', (_, command) => refuseClashes(filesOf(command)))
    .addHelpText(
      'after',
      `
Examples:
  sudo stapflame flame -p 4242 -t 30 -o flame.svg
  stapflame record --host web1 -p 4242 -t 30 -o trace.bt
  stapflame flame trace.bt -o flame.svg
  stapflame fold trace.bt > trace.folded
  stapflame top trace.bt
  stapflame diff before.folded after.folded -o diff.svg
  stapflame merge --source host shards/*.folded -o fleet.folded
  stapflame doctor -p 4242

Exit codes: 0 complete; 1 a comparison found more than --fail-above allows; 64 usage; 65 nothing usable in the input; 66 cannot open an input; 69 a program
is missing; 70 our fault; 74 reading or writing failed; 75 output delivered, but the input was damaged, cut
or incomplete; 77 not permitted; 78 the kernel, or a limit of this process, does not fit.`,
    );
  for (const name of asked(words)) await COMMANDS[name]!(program, report, words);
  return program;
}

/** The names of all commands. */
export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

/** The commands that these words need: one, all for the help, none for the version. */
function asked(words: readonly string[]): readonly string[] {
  const [first, second] = words;
  if (first === 'help' && second !== undefined && !Object.hasOwn(COMMANDS, second))
    throw new CliError(Exit.USAGE, unknownCommand(second, COMMAND_NAMES));
  const named = words.find((word) => Object.hasOwn(COMMANDS, word));
  if (named !== undefined) return [named];
  return words.includes('--version') || words.includes('-V') ? [] : Object.keys(COMMANDS);
}
