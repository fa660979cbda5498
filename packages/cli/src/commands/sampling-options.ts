import { readFileSync } from 'node:fs';
import { SCRIPT_OPTIONS, type OptionDocumentation, type ScriptOptions } from '@stapflame/stap-script';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { Group } from '../help/groups.ts';
import { CliError, Exit } from '../exit.ts';
import { pathOf } from '../io/file-names.ts';
import { forTerminal } from '../terminal.ts';
import { wholeNumber } from './trace-options.ts';

/** The values of the sampling flags, by name. */
type SamplingFlags = Readonly<Record<string, unknown>>;

/** Adds all of the script generator's options, with the generator's descriptions. */
export function addSamplingOptions(command: Command): Command {
  command.optionsGroup(Group.SAMPLING);
  for (const row of SCRIPT_OPTIONS) command.addOption(flagOf(row));
  return command;
}

function flagOf({ flag, placeholder, kind, choices, description, ...row }: OptionDocumentation): Option {
  const shown = row.default === '' ? description : `${description} (default: ${row.default})`;
  const option = new Option(placeholder === undefined ? flag : `${flag} <${placeholder}>`, shown);
  if (choices) option.choices(choices);
  if (kind === 'integer') option.argParser(wholeNumber);
  if (kind === 'integers') option.argParser((text) => text.split(',').map(wholeNumber));
  if (kind === 'texts')
    option.argParser((text, before: string[] = []) => [...before, ...wordsOf(row.option, text)]);
  return option;
}

/** Splits a value into arguments for stap, at spaces. Quotes have no special meaning. */
function wordsOf(option: string, text: string): readonly string[] {
  if (text === '') throw new InvalidArgumentError('expected a non-empty value.');
  return option === 'stapArguments' ? text.split(/\s+/).filter(Boolean) : [text];
}

/** Returns the generator's options, including the contents of the `--maps` file. */
export function scriptOptions(command: Command): ScriptOptions {
  const flags = command.opts<SamplingFlags>();
  const options: Record<string, unknown> = {};
  for (const { option, flag } of SCRIPT_OPTIONS) {
    const name = new Option(flag).attributeName();
    if (flags[name] !== undefined)
      options[option] = option === 'maps' ? readMaps(String(flags[name])) : flags[name];
  }
  return options as ScriptOptions;
}

function readMaps(file: string): string {
  try {
    return readFileSync(pathOf(file), 'utf8');
  } catch (error) {
    const text = `cannot read the maps ${forTerminal(file)}: ${forTerminal((error as Error).message)}`;
    throw new CliError(Exit.NO_INPUT, text, error);
  }
}
