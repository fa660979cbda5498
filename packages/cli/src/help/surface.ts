import type { Command, Option } from 'commander';
import { EXAMPLES, type Example } from './examples.ts';

/** The kind of value that an option takes. */
type Value =
  /** No value: the option is a switch. */
  | { readonly kind: 'none' }
  | { readonly kind: 'file' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'text' };

/** An option as the help shows it. */
export interface ShownOption {
  readonly short: string | undefined;
  readonly long: string | undefined;
  /** As the help writes it, such as `-o, --output <file>`. */
  readonly term: string;
  readonly description: string;
  readonly value: Value;
}

/** A command as the help shows it. */
export interface ShownCommand {
  readonly name: string;
  readonly description: string;
  readonly usage: string;
  /** Files can be named after it. */
  readonly takesFiles: boolean;
  readonly options: readonly ShownOption[];
  readonly examples: readonly Example[];
}

/** A program's commands, from the same table as its help. Shell completions and the manual are built from this. */
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
