import { Option, type Command } from 'commander';
import { Group } from '../help/groups.ts';
import { convert, type Treatment } from '../convert.ts';
import { FOLDED } from '../inputs/table.ts';
import { outputFor, SVG, type OutputFlags } from '../outputs/table.ts';
import { STDIN } from '../io/inputs.ts';
import { openOption } from '../open-picture.ts';
import { usualJobs } from '../parts/jobs.ts';
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
    'threads for merging folded stacks (default: up to 4 if files are over 256 MiB together, else 1)',
  )
    .description('draw the flame graph of folded stacks, in any order')
    .argument('[folded...]', 'folded stacks; standard input if no file is named, or for -')
    .option(
      '--sorted',
      'the stacks are sorted frame by frame, as fold writes them; this is checked, and names do not change',
    )
    .addOption(new Option('--no-sort', 'as --sorted').hideHelp())
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

/** Merges stacks in several threads if possible and either requested or worthwhile; otherwise returns `undefined`. */
async function inParts(
  files: readonly string[],
  flags: RenderFlags & { readonly sorted: boolean },
  { merges, selection }: Treatment,
): Promise<Summary | undefined> {
  const to = outputFor(flags, SVG);
  // threads pass on folded text, which contains only labels
  const showsLabels = to.shows === undefined || to.shows === 'common';
  if (files.length === 0 || files.includes(STDIN) || !merges || selection || !showsLabels) return undefined;
  const jobs = flags.jobs ?? usualJobs(files);
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

/** Demangling would change the order of sorted stacks, so it is off for them unless requested. */
function withNames(flags: RenderFlags): RenderFlags {
  return isSorted(flags) ? { demangle: false, ...flags } : flags;
}

/** Sorted stacks need no merging if all of them are drawn and names do not change. */
function treatmentOf(flags: RenderFlags): Treatment {
  const treatment = pictureTreatment(flags);
  const isMerged = isSorted(flags) && !treatment.selection && !demanglerOptions(flags);
  return isMerged ? { merges: false } : treatment;
}

function isSorted({ sorted, sort }: RenderFlags): boolean {
  return sorted === true || sort === false;
}
