import { Option, type Command } from 'commander';
import { Group } from '../help/groups.ts';
import { convert, type Treatment } from '../convert.ts';
import { FOLDED } from '../inputs/table.ts';
import { outputFor, SVG, type OutputFlags } from '../outputs/table.ts';
import { STDIN } from '../io/inputs.ts';
import { openOption } from '../open-picture.ts';
import type { Summary } from '../summary.ts';
import type { CommonOptions, Report } from './context.ts';
import { addJobsOption, type JobFlags } from './jobs-option.ts';
import { addNameOptions, demanglerOptions, type NameFlags } from './name-options.ts';
import { addOutputFormat } from './output-options.ts';
import { addPictureOptions, pictureTreatment } from './picture-options.ts';
import { addSelectOptions, type SelectFlags } from './select-options.ts';
import { addFoldOptions, type FoldFlags } from './trace-options.ts';

export function addRenderCommand(program: Command, report: Report): void {
  addJobsOption(
    addOutputFormat(
      addPictureOptions(addFoldOptions(addSelectOptions(addNameOptions(program.command('render'))))),
    ),
    'number of threads for merging folded stacks (default: 1)',
  )
    .description('draw the flame graph of folded stacks, which may be in any order')
    .argument('[folded...]', 'folded stacks; with no file, or with -, standard input is read')
    .option(
      '--sorted',
      'expect stacks sorted frame by frame, as fold writes them; their order is checked, and names are left as they are',
    )
    .addOption(new Option('--no-sort', 'same as --sorted').hideHelp())
    .optionsGroup(Group.OUTPUT)
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .addOption(openOption())
    .option('--summary <file>', 'write a JSON summary of input, output and losses')
    .option('-q, --quiet', 'no summary on stderr')
    .action(async (files: string[], given: RenderFlags) => {
      const flags = withNames(given);
      const treatment = treatmentOf(flags);
      const asked = { ...flags, sorted: !treatment.merges && flags.flamechart !== true };
      const summary =
        (await inParts(files, asked, treatment)) ??
        (await convert(files, asked, [FOLDED], outputFor(asked, SVG), treatment));
      await report(summary, flags);
    });
}

/**
 * Merges in several threads if requested and possible. Otherwise returns `undefined`. Several threads are not
 * the default: two of them took 1.8 times the CPU time for 400 MB of distinct stacks, and saved no time.
 */
async function inParts(
  files: readonly string[],
  flags: RenderFlags & { readonly sorted: boolean },
  { merges, selection }: Treatment,
): Promise<Summary | undefined> {
  const to = outputFor(flags, SVG);
  // The threads pass on folded text, which contains only labels.
  const showsLabels = to.shows === undefined || to.shows === 'common';
  if (files.length === 0 || files.includes(STDIN) || !merges || selection || !showsLabels) return undefined;
  const { jobs = 1 } = flags;
  if (jobs === 1) return undefined;
  const { renderInParts } = await import('../parts/render-in-parts.ts');
  return renderInParts(files, jobs, flags, to);
}

type RenderFlags = CommonOptions &
  NameFlags &
  SelectFlags &
  FoldFlags &
  OutputFlags &
  JobFlags & { readonly sort?: boolean };

/** Turns demangling off for sorted stacks, unless it was requested, because it would change their order. */
function withNames(flags: RenderFlags): RenderFlags {
  return isSorted(flags) ? { demangle: false, ...flags } : flags;
}

/**
 * Returns how to treat the stacks. Stacks need no merging if they are sorted, all of them are drawn, and names stay
 * unchanged.
 */
function treatmentOf(flags: RenderFlags): Treatment {
  const treatment = pictureTreatment(flags);
  const isMerged = isSorted(flags) && !treatment.selection && !demanglerOptions(flags);
  return isMerged ? { merges: false } : treatment;
}

function isSorted({ sorted, sort }: RenderFlags): boolean {
  return sorted === true || sort === false;
}
