import type { Command } from 'commander';
import { Group } from '../help/groups.ts';
import type { KindFlags } from '../inputs/open.ts';
import { JSON_LINES } from '../outputs/table.ts';
import type { CommonOptions, Report } from './context.ts';
import { convertTraces } from './convert-traces.ts';
import { addNameOptions, type NameFlags } from './name-options.ts';
import { addSelectOptions, selectionOf, type SelectFlags } from './select-options.ts';
import { addSymbolOptions, type SymbolFlags } from './symbol-options.ts';
import { addPerfNames, addTraceOptions, type TraceFlags } from './trace-options.ts';

type Flags = CommonOptions & KindFlags & TraceFlags & NameFlags & SelectFlags & SymbolFlags;

export function addParseCommand(program: Command, report: Report): void {
  addSymbolOptions(addSelectOptions(addNameOptions(addPerfNames(addTraceOptions(program.command('parse'))))))
    .description('print the stacks of a trace as JSON objects, one per line, with the leaf frame first')
    .argument(
      '[trace...]',
      'traces from SystemTap, perf, bpftrace or DTrace; with no file, or with -, standard input is read',
    )
    .optionsGroup(Group.OUTPUT)
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .option('--summary <file>', 'write a JSON summary of input, output and losses')
    .option('-q, --quiet', 'no summary on stderr')
    .action(async (files: string[], flags: Flags) => {
      const treatment = { selection: selectionOf(flags), merges: false };
      await report(await convertTraces(files, flags, JSON_LINES, treatment), flags);
    });
}
