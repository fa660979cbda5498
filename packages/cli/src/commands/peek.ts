import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { CliError, Exit } from '../exit.ts';
import { PEEK } from '../outputs/table.ts';
import { forTerminal } from '../terminal.ts';
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
    .argument('[input...]', 'traces, or folded stacks; with no file, or with -, standard input is read');
  command.action((names: RegExp, files: string[], flags: TableCommandFlags & Omit<PeekFlags, 'names'>) => {
    refuseSwapped(names.source.replaceAll('\\/', '/'), files);
    return writeTable(files, { ...flags, names }, PEEK, 'as they come', report);
  });
}

/** Throws if the file was named before the expression. */
function refuseSwapped(names: string, files: readonly string[]): void {
  const [file] = files;
  if (file === undefined || file === '-' || existsSync(file) || !existsSync(names)) return;
  throw new CliError(
    Exit.USAGE,
    `${forTerminal(names)} is a file; the expression comes first: stapflame peek REGEX FILE`,
  );
}
