import { pipeline } from 'node:stream/promises';
import { readFolded } from '@stapflame/folder';
import { createFlameGraphRenderer } from '@stapflame/svg-renderer';
import type { Command } from 'commander';
import { inputBytes, openInputs, type Input } from '../io/inputs.ts';
import { withOutput } from '../io/with-output.ts';
import { incompleteLine, type Summary } from '../summary.ts';
import type { CommonOptions, Report } from './context.ts';
import { asItCame, openPicture } from './picture.ts';
import { addPictureOptions, rendererOptions, type PictureFlags } from './picture-options.ts';
import { addFoldOptions, type FoldFlags } from './trace-options.ts';

export function addRenderCommand(program: Command, report: Report): void {
  addPictureOptions(addFoldOptions(program.command('render')))
    .description('draw the flame graph of folded stacks, in any order')
    .argument('[folded...]', 'folded stacks; standard input without one, or for -')
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .option('--summary <file>', 'write what was read and folded as JSON')
    .option('-q, --quiet', 'no summary on stderr')
    .action(async (files: string[], flags: RenderFlags) => {
      await report(
        await (flags.flamechart === true ? drawAsItCame(files, flags) : drawMerged(files, flags)),
        flags,
      );
    });
}

type RenderFlags = CommonOptions & FoldFlags & PictureFlags;

/** Through the folder: any size and order in bounded memory. */
async function drawMerged(files: readonly string[], flags: RenderFlags): Promise<Summary> {
  const inputs: Input[] = [];
  const reader = readFolded(openInputs(files, inputs));
  const picture = openPicture(flags, () => incompleteLine(reader.summary.incomplete));
  await withOutput(flags.output, files, (output) => pipeline(reader, picture.stages, output.stream()));
  const complete = reader.summary.incomplete.size === 0 && arrivedWhole(inputs);
  return { folded: picture.summary(), complete };
}

/** A flame chart keeps the order of its input, so that nothing may be merged before it is drawn. */
async function drawAsItCame(files: readonly string[], flags: RenderFlags): Promise<Summary> {
  const inputs: Input[] = [];
  const renderer = createFlameGraphRenderer(rendererOptions(flags));
  await withOutput(flags.output, files, (output) =>
    pipeline(inputBytes(files, inputs), renderer, output.stream()),
  );
  const { summary } = renderer;
  return { folded: asItCame(summary), complete: !summary.incomplete && arrivedWhole(inputs) };
}

function arrivedWhole(inputs: readonly Input[]): boolean {
  return inputs.every(({ brokenOff }) => brokenOff === undefined);
}
