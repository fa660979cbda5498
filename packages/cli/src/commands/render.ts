import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createFoldedReader, createFolder } from '@stapflame/folder';
import { createFlameGraphRenderer } from '@stapflame/svg-renderer';
import type { Command } from 'commander';
import pumpify from 'pumpify';
import { inputBytes, type Input } from '../io/inputs.ts';
import { withOutput } from '../io/with-output.ts';
import { incompleteLine } from '../summary.ts';
import type { CommonOptions, Report } from './context.ts';
import { addPictureOptions, rendererOptions, type PictureFlags } from './picture-options.ts';
import { addFoldOptions, folderOptions, type FoldFlags } from './trace-options.ts';

export function addRenderCommand(program: Command, report: Report): void {
  addPictureOptions(addFoldOptions(program.command('render')))
    .description('draw the flame graph of folded stacks, in any order')
    .argument('[folded...]', 'folded stacks; standard input without one, or for -')
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .option('--summary <file>', 'write what was read and folded as JSON')
    .option('-q, --quiet', 'no summary on stderr')
    .action(async (files: string[], flags: CommonOptions & FoldFlags & PictureFlags) => {
      const inputs: Input[] = [];
      const reader = createFoldedReader();
      const folder = createFolder({
        ...folderOptions(flags),
        comment: () => incompleteLine(reader.summary.incomplete),
      });
      const renderer = createFlameGraphRenderer({ ...rendererOptions(flags), sorted: true });
      const picture: Duplex = new pumpify.obj(folder, renderer);
      await withOutput(flags.output, files, (output) =>
        pipeline(inputBytes(files, inputs), reader, picture, output.stream()),
      );
      await report(
        {
          folded: folder.summary,
          complete: reader.summary.incomplete.size === 0 && !inputs.some(({ brokenOff }) => brokenOff),
        },
        flags,
      );
    });
}
