import type { FoldedWriterOptions } from '@stapflame/stacks';
import type { Command } from 'commander';
import { convert } from '../convert.ts';
import { STAP } from '../inputs/table.ts';
import { FOLDED } from '../outputs/table.ts';
import type { CommonOptions, Report } from './context.ts';
import { addNameOptions, type NameFlags } from './name-options.ts';
import { addFoldOptions, addTraceOptions, type FoldFlags, type TraceFlags } from './trace-options.ts';

type Flags = CommonOptions & TraceFlags & NameFlags & FoldFlags & FoldedWriterOptions;

export function addFoldCommand(program: Command, report: Report): void {
  addFoldOptions(addNameOptions(addTraceOptions(program.command('fold'))))
    .description('fold the stacks of a trace: root;…;leaf COUNT, sorted frame by frame')
    .argument('[trace...]', 'traces of SystemTap; standard input without one, or for -')
    .option(
      '--plain',
      'no comment lines (# stapflame …) that say in what the stacks are counted, and what was lost',
    )
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .option('--summary <file>', 'write what was read, folded and lost as JSON')
    .option('-q, --quiet', 'no summary on stderr')
    .action(async (files: string[], flags: Flags) => {
      await report(await convert(files, flags, STAP, FOLDED, { merges: true }), flags);
    });
}
