import { pipeline } from 'node:stream/promises';
import { readFolded } from '@stapflame/folder';
import { drawFolded, type RendererOptions } from '@stapflame/svg-renderer';
import { Option, type Command } from 'commander';
import { statSync } from 'node:fs';
import { openFoldedTexts } from '../io/folded-texts.ts';
import { STDIN, type Input } from '../io/inputs.ts';
import { withOutput } from '../io/with-output.ts';
import { foldedOutcome, incompleteLine, isLoss, type Summary } from '../summary.ts';
import type { CommonOptions, Report } from './context.ts';
import { asItCame, openPicture } from './picture.ts';
import { addPictureOptions, keepPalette, rendererOptions, type PictureFlags } from './picture-options.ts';
import { addFoldOptions, type FoldFlags } from './trace-options.ts';

export function addRenderCommand(program: Command, report: Report): void {
  addPictureOptions(addFoldOptions(program.command('render')))
    .description('draw the flame graph of folded stacks, in any order')
    .argument('[folded...]', 'folded stacks; standard input without one, or for -')
    .option('--sorted', 'the stacks are sorted frame by frame, as fold writes them; this is checked')
    .addOption(new Option('--no-sort', 'as --sorted').hideHelp())
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .option('--summary <file>', 'write what was read and folded as JSON')
    .option('-q, --quiet', 'no summary on stderr')
    .action(async (files: string[], flags: RenderFlags) => {
      await report(await draw(files, flags), flags, files);
    });
}

type RenderFlags = CommonOptions &
  FoldFlags &
  PictureFlags & { readonly sorted?: boolean; readonly sort?: boolean };

/** Files up to this size, in bytes, are tried without the folder first. */
const SMALL = 1 << 26;

async function draw(files: readonly string[], flags: RenderFlags): Promise<Summary> {
  const options = rendererOptions(flags);
  // a flame chart keeps the order of its input, so that nothing may be merged before it is drawn
  if (options.flamechart === true) return drawDirectly(files, flags, options);
  const isSorted = flags.sorted === true || flags.sort === false;
  const isTurned = options.reverse === true || options.base !== undefined;
  if (isSorted && !isTurned) return drawDirectly(files, flags, { ...options, sorted: true });
  if (!isSorted && areSmall(files)) {
    try {
      return await drawDirectly(files, flags, options);
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'TOO_MANY_FRAMES') throw error;
    }
  }
  return drawMerged(files, flags);
}

/** Files that can be read a second time. */
function areSmall(files: readonly string[]): boolean {
  let bytes = 0;
  for (const file of files) {
    const stats = file === STDIN ? undefined : statSync(file, { throwIfNoEntry: false });
    if (!stats?.isFile()) return false;
    bytes += stats.size;
  }
  return files.length > 0 && bytes <= SMALL;
}

/** Through the folder: any size and order in bounded memory. */
async function drawMerged(files: readonly string[], flags: RenderFlags): Promise<Summary> {
  const inputs: Input[] = [];
  const reader = readFolded(openFoldedTexts(files, inputs));
  const picture = openPicture(flags, () => incompleteLine(reader.summary.incomplete));
  await withOutput(flags.output, files, (output) => pipeline(reader, picture.stages, output.stream()));
  await picture.keepPalette();
  const { incomplete } = reader.summary;
  return foldedOutcome(picture.summary(), { ...reader.summary, incomplete: isLoss(incomplete) }, inputs);
}

/** Text to picture without a folder between. */
async function drawDirectly(
  files: readonly string[],
  flags: RenderFlags,
  options: RendererOptions,
): Promise<Summary> {
  const inputs: Input[] = [];
  const picture = drawFolded(openFoldedTexts(files, inputs), options);
  await withOutput(flags.output, files, (output) => pipeline(picture, output.stream()));
  const { summary } = picture;
  await keepPalette(flags, summary.paletteMap);
  return foldedOutcome(asItCame(summary), summary, inputs);
}
