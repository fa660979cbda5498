import { pipeline } from 'node:stream/promises';
import { createFolder } from '@stapflame/folder';
import type { Command } from 'commander';
import { traceBatches } from '../io/trace-batches.ts';
import { withOutput } from '../io/with-output.ts';
import { incompleteComment } from '../summary.ts';
import type { CommonOptions, Report } from './context.ts';
import {
  addFoldOptions,
  addTraceOptions,
  folderOptions,
  parserOptions,
  type FoldFlags,
  type TraceFlags,
} from './trace-options.ts';

export function addFoldCommand(program: Command, report: Report): void {
  addFoldOptions(addTraceOptions(program.command('fold')))
    .description('fold the stacks of a trace: root;…;leaf COUNT, sorted frame by frame')
    .argument('[trace...]', 'traces of SystemTap; standard input without one, or for -')
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .option('--summary <file>', 'write what was read, folded and lost as JSON')
    .option('-q, --quiet', 'no summary on stderr')
    .action(async (files: string[], flags: CommonOptions & TraceFlags & FoldFlags) => {
      const reader = traceBatches(files, parserOptions(flags));
      const folder = createFolder({
        ...folderOptions(flags),
        comment: () => incompleteComment(reader.summary),
      });
      await withOutput(flags.output, files, (output) => pipeline(reader, folder, output));
      await report(
        { trace: reader.summary, folded: folder.summary, complete: reader.summary.complete },
        flags,
      );
    });
}
