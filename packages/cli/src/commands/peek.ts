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
    .description('list matching functions, each with its callers above it and its callees below it')
    .argument('<regex>', 'regular expression for the functions to show', expression)
    .argument('[input...]', 'traces, or folded stacks; standard input is read if no file is given, or for -');
  command.action((names: RegExp, files: string[], flags: TableCommandFlags & Omit<PeekFlags, 'names'>) =>
    writeTable(files, { ...flags, names }, PEEK, 'as they come', report),
  );
}
