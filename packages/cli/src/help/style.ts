import type { HelpConfiguration } from 'commander';

const bold = (text: string): string => `\u001b[1m${text}\u001b[22m`;
const cyan = (text: string): string => `\u001b[36m${text}\u001b[39m`;

/**
 * Colours for the help. commander removes them if the output is not a terminal, with NO_COLOR, or with FORCE_COLOR=0.
 */
export const HELP_STYLE: HelpConfiguration = {
  styleTitle: bold,
  styleCommandText: bold,
  styleSubcommandText: cyan,
  styleOptionText: cyan,
  // The list of commands is easier to read without each command's arguments.
  subcommandTerm: (command) => command.name(),
};
