import type { Command } from 'commander';
import { PEEK } from '../outputs/table.ts';
import type { Report } from './context.ts';
import { expression } from './select-options.ts';
import {
  addRowOptions,
  addTableOptions,
  writeTable,
  type PeekFlags,
  type TableCommandFlags,
} from './table-options.ts';

export function addPeekCommand(program: Command, report: Report): void {
  const command = addRowOptions(addTableOptions(program.command('peek')))
    .description('list functions that match, each with its callers above and its callees below')
    .argument('<regex>', 'regular expression; what it matches is looked at', expression)
    .argument('[input...]', 'traces, or folded stacks; standard input if none is named, or for -');
  command.action((names: RegExp, files: string[], flags: TableCommandFlags & Omit<PeekFlags, 'names'>) =>
    writeTable(files, { ...flags, names }, PEEK, 'as they come', report),
  );
}
