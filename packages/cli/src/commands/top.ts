import type { Command } from 'commander';
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

const EXAMPLES = `
Examples:
  stapflame top trace.txt                             the 20 names in which most time was spent
  stapflame top --sort total --limit 0 x.folded       all names, with what they call
  stapflame top --focus memcpy --columns total,name   who is on the stacks in which memcpy is
  stapflame top --markdown trace.txt >> report.md`;

export function addTopCommand(program: Command, report: Report): void {
  const command = addRowOptions(addTableOptions(program.command('top')))
    .description('list the names that cost most: by themselves, and with what they call')
    .argument('[input...]', 'traces, or folded stacks; standard input without one, or for -')
    .option('--columns <list>', `which columns, with commas between them: ${COLUMNS.join(', ')}`, columnList)
    .addHelpText('after', EXAMPLES);
  command.action((files: string[], flags: TableCommandFlags & TopFlags) =>
    writeTable(files, flags, TOP, 'as they come', report),
  );
}
