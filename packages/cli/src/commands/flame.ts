import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createFolder } from '@stapflame/folder';
import { createFlameGraphRenderer } from '@stapflame/svg-renderer';
import type { Command } from 'commander';
import pumpify from 'pumpify';
import { CliError, Exit } from '../exit.ts';
import { openTraces } from '../io/traces.ts';
import { withOutput } from '../io/with-output.ts';
import { withProgress } from '../progress.ts';
import { incompleteComment, traceOutcome } from '../summary.ts';
import type { CommonOptions, Report } from './context.ts';
import { addPictureOptions, afterFolder, type PictureFlags } from './picture-options.ts';
import {
  addFoldOptions,
  addTraceOptions,
  folderOptions,
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
      if (flags.flamechart === true) {
        throw new CliError(
          Exit.USAGE,
          'flame merges stacks; a flame chart needs their order: give render a folded text in that order',
        );
      }
      const { reader, inputs } = openTraces(files, parserOptions(flags));
      const folder = createFolder({
        ...folderOptions(flags),
        reverse: flags.reverse === true,
        comment: () => incompleteComment(reader.summary, inputs),
      });
      const renderer = createFlameGraphRenderer(afterFolder(flags));
      const picture: Duplex = new pumpify.obj(folder, renderer);
      await withProgress(flags, files, { inputs, summary: () => reader.summary }, () =>
        withOutput(flags.output, files, (output) => pipeline(reader, picture, output.stream())),
      );
      await report(traceOutcome(reader.summary, inputs, { folded: folder.summary }), flags);
    });
}
