import type { Command } from 'commander';
import { convert } from '../convert.ts';
import type { KindFlags } from '../inputs/open.ts';
import { TRACES } from '../inputs/table.ts';
import { JSON_LINES } from '../outputs/table.ts';
import type { CommonOptions, Report } from './context.ts';
import { addNameOptions, type NameFlags } from './name-options.ts';
import { addPerfNames, addTraceOptions, type TraceFlags } from './trace-options.ts';

export function addParseCommand(program: Command, report: Report): void {
  addNameOptions(addPerfNames(addTraceOptions(program.command('parse'))))
    .description('print the stacks of a trace, one JSON object a stack, leaf first')
    .argument(
      '[trace...]',
      'traces of SystemTap, perf, bpftrace or DTrace; standard input without one, or for -',
    )
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .option('--summary <file>', 'write what was read and lost as JSON')
    .option('-q, --quiet', 'no summary on stderr')
    .action(async (files: string[], flags: CommonOptions & KindFlags & TraceFlags & NameFlags) => {
      const asked = { ...flags, addresses: true };
      await report(await convert(files, asked, TRACES, JSON_LINES, { merges: false }), flags);
    });
}
