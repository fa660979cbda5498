import type { Command } from 'commander';
import type { KindFlags } from '../inputs/open.ts';
import { FOLDED, outputFor, type OutputFlags } from '../outputs/table.ts';
import type { CommonOptions, Report } from './context.ts';
import { convertTraces } from './convert-traces.ts';
import { addNameOptions, type NameFlags } from './name-options.ts';
import { addOutputFormat } from './output-options.ts';
import { addSymbolOptions, type SymbolFlags } from './symbol-options.ts';
import { addFoldOptions, addTraceOptions, type FoldFlags, type TraceFlags } from './trace-options.ts';

type Flags = CommonOptions & KindFlags & TraceFlags & NameFlags & SymbolFlags & FoldFlags & OutputFlags;

export function addFoldCommand(program: Command, report: Report): void {
  addOutputFormat(addFoldOptions(addSymbolOptions(addNameOptions(addTraceOptions(program.command('fold'))))))
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
      await report(await convertTraces(files, flags, outputFor(flags, FOLDED), { merges: true }), flags);
    });
}
