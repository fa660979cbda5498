import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { openTraces } from '../io/traces.ts';
import { withOutput } from '../io/with-output.ts';
import { withProgress } from '../progress.ts';
import { incompleteComment, traceOutcome } from '../summary.ts';
import type { CommonOptions, Report } from './context.ts';
import { openPicture } from './picture.ts';
import { addPictureOptions, type PictureFlags } from './picture-options.ts';
import {
  addFoldOptions,
  addTraceOptions,
  parserOptions,
  type FoldFlags,
  type TraceFlags,
} from './trace-options.ts';

export function addFlameCommand(program: Command, report: Report): void {
  addPictureOptions(addFoldOptions(addTraceOptions(program.command('flame'))))
    .description('draw the flame graph of a trace: fold and render in one go')
    .argument('[trace...]', 'traces of SystemTap; standard input without one, or for -')
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .option('--summary <file>', 'write what was read, folded and lost as JSON')
    .option('-q, --quiet', 'no summary on stderr')
    .action(async (files: string[], flags: CommonOptions & TraceFlags & FoldFlags & PictureFlags) => {
      const { reader, inputs } = openTraces(files, parserOptions(flags));
      const picture = openPicture(flags, () => incompleteComment(reader.summary, inputs));
      await withProgress(flags, files, { inputs, summary: () => reader.summary }, () =>
        withOutput(flags.output, files, (output) => pipeline(reader, picture.stages, output.stream())),
      );
      await report(traceOutcome(reader.summary, inputs, { folded: picture.summary() }), flags);
    });
}
