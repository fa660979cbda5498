import { Command, Option } from 'commander';
import type { Report } from './commands/context.ts';
import { filesOf } from './commands/files.ts';
import { CliError, Exit } from './exit.ts';
import { examplesText } from './help/examples.ts';
import { exitCodesText } from './help/exit-codes.ts';
import { Group, groupOf } from './help/groups.ts';
import { HELP_STYLE } from './help/style.ts';
import { refuseClashes } from './io/clashes.ts';
import { openOutput, refuseOpen } from './open-picture.ts';
import { unknownCommand } from './usage.ts';

type Add = (program: Command, report: Report, words: readonly string[]) => Promise<void>;
/** Loads a command's flags and stages only when the command is used. This halves the startup time. */
const COMMANDS: Readonly<Record<string, Add>> = {
  flame: async (program, report, words) =>
    (await import('./commands/flame.ts')).addFlameCommand(program, report, words),
  fold: async (program, report) => (await import('./commands/fold.ts')).addFoldCommand(program, report),
  render: async (program, report) => (await import('./commands/render.ts')).addRenderCommand(program, report),
  parse: async (program, report) => (await import('./commands/parse.ts')).addParseCommand(program, report),
  tabs: async (program) => (await import('./commands/tabs.ts')).addTabsCommand(program),
  top: async (program, report) => (await import('./commands/top.ts')).addTopCommand(program, report),
  peek: async (program, report) => (await import('./commands/peek.ts')).addPeekCommand(program, report),
  tree: async (program, report) => (await import('./commands/tree.ts')).addTreeCommand(program, report),
  diff: async (program, report) => (await import('./commands/diff.ts')).addDiffCommand(program, report),
  record: async (program, _, words) =>
    (await import('./commands/record.ts')).addRecordCommand(program, words),
  script: async (program) => (await import('./commands/script.ts')).addScriptCommand(program),
  doctor: async (program, report) => (await import('./commands/doctor.ts')).addDoctorCommand(program, report),
  merge: async (program, report) => (await import('./commands/merge.ts')).addMergeCommand(program, report),
  split: async (program) => (await import('./commands/split.ts')).addSplitCommand(program),
  completion: async (program) => (await import('./commands/completion.ts')).addCompletionCommand(program),
  man: async (program) => (await import('./commands/man.ts')).addManCommand(program),
  version: async (program) => (await import('./commands/version.ts')).addVersionCommand(program),
};
/** Commands that describe all commands, so every command must be loaded for them. */
const ABOUT_ALL = new Set(['completion', 'man']);

/** Creates the parser for the given command-line arguments. This does not change the state of the process. */
export async function createProgram(
  version: string,
  words: readonly string[],
  report: Report,
  writeHelp: (text: string) => void,
): Promise<Command> {
  const program = new Command('stapflame')
    .description('Sample a process with SystemTap and draw a flame graph')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .addHelpCommand(helpCommand())
    .configureHelp(HELP_STYLE)
    .exitOverride()
    // run.ts reports errors in the command line.
    .configureOutput({ writeOut: writeHelp, outputError: () => undefined })
    .hook('preAction', (_, command) => {
      refuseClashes(filesOf(command));
      refuseOpen(command);
    })
    .hook('postAction', (_, command) => openOutput(command))
    .addHelpText('after', () => examplesText('stapflame') + exitCodesText());
  for (const name of asked(words)) await COMMANDS[name]!(program, report, words);
  for (const command of program.commands) {
    const name = command.name();
    command
      .helpGroup(groupOf(name))
      .addHelpOption(new Option('-h, --help', 'show this help').helpGroup(Group.OUTPUT))
      .addHelpText('after', () => examplesText(name));
  }
  return program;
}

function helpCommand(): Command {
  return new Command('help')
    .argument('[command]')
    .description('show the options of a command, and examples')
    .helpGroup(groupOf('help'));
}

/** The names of all commands. */
export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

/** Arguments that request the version. No command has to be loaded for them. */
const VERSION = new Set(['--version', '-v']);

/** Returns the commands to load for the given arguments: one command, all for the help, or none for the version. */
function asked(words: readonly string[]): readonly string[] {
  const [first, second] = words;
  if (first === 'help' && second !== undefined && !Object.hasOwn(COMMANDS, second))
    throw new CliError(Exit.USAGE, unknownCommand(second, COMMAND_NAMES));
  const named = words.find((word) => Object.hasOwn(COMMANDS, word));
  if (named !== undefined && !ABOUT_ALL.has(named)) return [named];
  return VERSION.has(first ?? '') ? [] : Object.keys(COMMANDS);
}
