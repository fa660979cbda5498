import { pipeline } from 'node:stream/promises';
import { createFoldWriter, type FolderSummary } from '@stapflame/folder';
import type { Command } from 'commander';
import { openTraces } from '../io/traces.ts';
import { withOutput } from '../io/with-output.ts';
import { withProgress } from '../progress.ts';
import { incompleteComment, traceOutcome } from '../summary.ts';
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
      let folded: FolderSummary | undefined;
      const { reader, inputs } = openTraces(files, parserOptions(flags));
      const comment = (): string | undefined => incompleteComment(reader.summary, inputs);
      await withProgress(flags, files, { inputs, summary: () => reader.summary }, () =>
        withOutput(flags.output, async (output) => {
          const folder = createFoldWriter((text) => output.write(text), { ...folderOptions(flags), comment });
          await pipeline(reader, folder);
          folded = folder.summary;
        }),
      );
      await report(traceOutcome(reader.summary, inputs, { ...(folded && { folded }) }), flags);
    });
}
