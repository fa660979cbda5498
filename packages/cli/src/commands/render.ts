import { Option, type Command } from 'commander';
import { convert, type Treatment } from '../convert.ts';
import { FOLDED } from '../inputs/table.ts';
import { SVG } from '../outputs/table.ts';
import type { CommonOptions, Report } from './context.ts';
import { addPictureOptions, pictureTreatment, type PictureFlags } from './picture-options.ts';
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
      const treatment = treatmentOf(flags);
      const asked = { ...flags, sorted: !treatment.merges && flags.flamechart !== true };
      await report(await convert(files, asked, FOLDED, SVG, treatment), flags);
    });
}

type RenderFlags = CommonOptions & FoldFlags & PictureFlags & { readonly sort?: boolean };

/** Sorted stacks of which all is drawn need not be merged. */
function treatmentOf(flags: RenderFlags): Treatment {
  const treatment = pictureTreatment(flags);
  const isSorted = flags.sorted === true || flags.sort === false;
  return isSorted && !treatment.selection ? { merges: false } : treatment;
}
