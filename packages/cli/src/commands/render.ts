import { Option, type Command } from 'commander';
import { Group } from '../help/groups.ts';
import { convert, type Treatment } from '../convert.ts';
import { FOLDED } from '../inputs/table.ts';
import { outputFor, SVG, type OutputFlags } from '../outputs/table.ts';
import { openOption } from '../open-picture.ts';
import type { CommonOptions, Report } from './context.ts';
import { addNameOptions, demanglerOptions, type NameFlags } from './name-options.ts';
import { addOutputFormat } from './output-options.ts';
import { addPictureOptions, pictureTreatment } from './picture-options.ts';
import { addSelectOptions, type SelectFlags } from './select-options.ts';
import { addFoldOptions, type FoldFlags } from './trace-options.ts';

export function addRenderCommand(program: Command, report: Report): void {
  addOutputFormat(
    addPictureOptions(addFoldOptions(addSelectOptions(addNameOptions(program.command('render'))))),
  )
    .description('draw the flame graph of folded stacks, in any order')
    .argument('[folded...]', 'folded stacks; standard input if none is named, or for -')
    .option(
      '--sorted',
      'the stacks are sorted frame by frame, as fold writes them; this is checked, and names stay as they are',
    )
    .addOption(new Option('--no-sort', 'as --sorted').hideHelp())
    .optionsGroup(Group.OUTPUT)
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .addOption(openOption())
    .option('--summary <file>', 'write what was read and folded as JSON')
    .option('-q, --quiet', 'no summary on stderr')
    .action(async (files: string[], given: RenderFlags) => {
      const flags = withNames(given);
      const treatment = treatmentOf(flags);
      const asked = { ...flags, sorted: !treatment.merges && flags.flamechart !== true };
      await report(await convert(files, asked, [FOLDED], outputFor(asked, SVG), treatment), flags);
    });
}

type RenderFlags = CommonOptions &
  NameFlags &
  SelectFlags &
  FoldFlags &
  OutputFlags & { readonly sort?: boolean };

/** Demangling would change the order of sorted stacks, so it is off for them unless asked for. */
function withNames(flags: RenderFlags): RenderFlags {
  return isSorted(flags) ? { demangle: false, ...flags } : flags;
}

/** Sorted stacks need no merging if all of them are drawn and no name changes. */
function treatmentOf(flags: RenderFlags): Treatment {
  const treatment = pictureTreatment(flags);
  const isMerged = isSorted(flags) && !treatment.selection && !demanglerOptions(flags);
  return isMerged ? { merges: false } : treatment;
}

function isSorted({ sorted, sort }: RenderFlags): boolean {
  return sorted === true || sort === false;
}
