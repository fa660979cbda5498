import type { Command } from 'commander';
import { Group } from '../help/groups.ts';
import { TREE } from '../outputs/table.ts';
import type { Report } from './context.ts';
import {
  addTableOptions,
  percentage,
  writeTable,
  type TableCommandFlags,
  type TreeFlags,
} from './table-options.ts';
import { addFoldOptions, wholeNumber } from './trace-options.ts';

export function addTreeCommand(program: Command, report: Report): void {
  const command = addFoldOptions(addTableOptions(program.command('tree')))
    .description('print the stacks as a tree of text, with callers above their callees')
    .argument('[input...]', 'traces, or folded stacks; with no file, or with -, standard input is read')
    .optionsGroup(Group.TABLE)
    .option(
      '--min-share <share>',
      'leave out entries below this share of the total (default: 0.5%)',
      percentage,
    )
    .option('--max-depth <number>', 'maximum number of levels to show (default: 1000)', wholeNumber);
  command.action((files: string[], flags: TableCommandFlags & TreeFlags) =>
    writeTable(files, flags, TREE, 'merged', report),
  );
}
