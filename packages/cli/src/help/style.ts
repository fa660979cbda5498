import type { HelpConfiguration } from 'commander';

const bold = (text: string): string => `\u001b[1m${text}\u001b[22m`;
const cyan = (text: string): string => `\u001b[36m${text}\u001b[39m`;

/** Colours for the help. commander removes them if NO_COLOR or FORCE_COLOR=0 is set or the output is not a terminal. */
export const HELP_STYLE: HelpConfiguration = {
  styleTitle: bold,
  styleCommandText: bold,
  styleSubcommandText: cyan,
  styleOptionText: cyan,
  // The list of commands is easier to read without each command's arguments.
  subcommandTerm: (command) => command.name(),
};
