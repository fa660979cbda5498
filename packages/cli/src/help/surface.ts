import type { Command, Option } from 'commander';
import { EXAMPLES, type Example } from './examples.ts';

/** The kind of value that an option accepts. */
type Value =
  /** The option is a switch, which has no value. */
  | { readonly kind: 'none' }
  | { readonly kind: 'file' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'text' };

/** An option as the help shows it. */
export interface ShownOption {
  readonly short: string | undefined;
  readonly long: string | undefined;
  /** The option with its value, as the help shows it, such as `-o, --output <file>`. */
  readonly term: string;
  readonly description: string;
  readonly value: Value;
}

/** A command as the help shows it. */
export interface ShownCommand {
  readonly name: string;
  readonly description: string;
  readonly usage: string;
  /** Whether the command accepts file names as arguments. */
  readonly takesFiles: boolean;
  readonly options: readonly ShownOption[];
  readonly examples: readonly Example[];
}

/** Returns a program's commands as the help shows them. Shell completions and the manual page are built from this. */
export function surfaceOf(program: Command): readonly ShownCommand[] {
  const help = program.createHelp();
  return help.visibleCommands(program).map((command) => ({
    name: command.name(),
    description: help.subcommandDescription(command),
    usage: help.commandUsage(command),
    takesFiles: command.registeredArguments.some((argument) =>
      /trace|folded|input|before|svg/.test(argument.name()),
    ),
    options: help.visibleOptions(command).map((option) => ({
      short: option.short,
      long: option.long,
      term: help.optionTerm(option),
      description: help.optionDescription(option),
      value: valueOf(option),
    })),
    examples: EXAMPLES[command.name()] ?? [],
  }));
}

function valueOf({ flags, argChoices, required, optional }: Option): Value {
  if (!required && !optional) return { kind: 'none' };
  if (argChoices) return { kind: 'choice', choices: argChoices };
  return { kind: /<(?:file|directory|prefix)(?:\.\.\.)?>/.test(flags) ? 'file' : 'text' };
}
