import { Option, type Command } from 'commander';
import { Group } from '../help/groups.ts';
import { OUTPUTS } from '../outputs/table.ts';

/** Adds `--output-format`, for commands that write merged stacks. */
export function addOutputFormat(command: Command): Command {
  const endings = OUTPUTS.map(({ name, extensions }) => `${name} (${extensions.join(', ')})`).join(', ');
  return command
    .optionsGroup(Group.OUTPUT)
    .addOption(
      new Option(
        '--output-format <name>',
        `output format: ${endings}; by default, the extension of the -o file decides`,
      ).choices(OUTPUTS.map(({ name }) => name)),
    );
}
