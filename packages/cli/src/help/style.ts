import type { HelpConfiguration } from 'commander';

const bold = (text: string): string => `\u001b[1m${text}\u001b[22m`;
const cyan = (text: string): string => `\u001b[36m${text}\u001b[39m`;

/**
 * The help's colours. commander drops them if the output is not a terminal, or with NO_COLOR or FORCE_COLOR=0.
 */
export const HELP_STYLE: HelpConfiguration = {
  styleTitle: bold,
  styleCommandText: bold,
  styleSubcommandText: cyan,
  styleOptionText: cyan,
  // `help COMMAND` and a suggestion are easier to read without every command's arguments
  subcommandTerm: (command) => command.name(),
};
