import type { Command } from 'commander';
import { convert } from '../convert.ts';
import type { KindFlags } from '../inputs/open.ts';
import { TRACES } from '../inputs/table.ts';
import { FOLDED, outputFor, type OutputFlags } from '../outputs/table.ts';
import type { CommonOptions, Report } from './context.ts';
import { addNameOptions, type NameFlags } from './name-options.ts';
import { addOutputFormat } from './output-options.ts';
import {
  addFoldOptions,
  addPerfNames,
  addTraceOptions,
  type FoldFlags,
  type TraceFlags,
} from './trace-options.ts';

type Flags = CommonOptions & KindFlags & TraceFlags & NameFlags & FoldFlags & OutputFlags;

export function addFoldCommand(program: Command, report: Report): void {
  addOutputFormat(addFoldOptions(addNameOptions(addPerfNames(addTraceOptions(program.command('fold'))))))
    .description('fold the stacks of a trace: root;…;leaf COUNT, sorted frame by frame')
    .argument(
      '[trace...]',
      'traces of SystemTap, perf, bpftrace or DTrace; standard input without one, or for -',
    )
    .option(
      '--plain',
      'no comment lines (# stapflame …) that say in what the stacks are counted, and what was lost',
    )
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .option('--summary <file>', 'write what was read, folded and lost as JSON')
    .option('-q, --quiet', 'no summary on stderr')
    .action(async (files: string[], flags: Flags) => {
      await report(await convert(files, flags, TRACES, outputFor(flags, FOLDED), { merges: true }), flags);
    });
}
