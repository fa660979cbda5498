import type { Command } from 'commander';
import { Group } from '../help/groups.ts';
import { COLUMNS } from '@stapflame/tables';
import { TOP } from '../outputs/table.ts';
import type { Report } from './context.ts';
import {
  addRowOptions,
  addTableOptions,
  columnList,
  writeTable,
  type TableCommandFlags,
  type TopFlags,
} from './table-options.ts';

export function addTopCommand(program: Command, report: Report): void {
  const command = addRowOptions(addTableOptions(program.command('top')))
    .description('list the most expensive functions, by themselves and together with their callees')
    .argument('[input...]', 'traces, or folded stacks; with no file, or with -, standard input is read')
    .optionsGroup(Group.TABLE)
    .option('--columns <list>', `columns, separated by commas: ${COLUMNS.join(', ')}`, columnList);
  command.action((files: string[], flags: TableCommandFlags & TopFlags) =>
    writeTable(files, flags, TOP, 'as they come', report),
  );
}
