import type { Command } from 'commander';
import { Group } from '../help/groups.ts';
import type { KindFlags } from '../inputs/open.ts';
import { STAP } from '../inputs/table.ts';
import { STDIN } from '../io/inputs.ts';
import { usualJobs } from '../parts/jobs.ts';
import type { Summary } from '../summary.ts';
import { asksForNames } from '../symbols/naming.ts';
import { FOLDED, outputFor, type OutputFlags } from '../outputs/table.ts';
import type { CommonOptions, Report } from './context.ts';
import { convertTraces } from './convert-traces.ts';
import { addJobsOption, type JobFlags } from './jobs-option.ts';
import { addNameOptions, type NameFlags } from './name-options.ts';
import { addOutputFormat } from './output-options.ts';
import { addSelectOptions, selectionOf, type SelectFlags } from './select-options.ts';
import { addSymbolOptions, type SymbolFlags } from './symbol-options.ts';
import {
  addFoldOptions,
  addPerfNames,
  addTraceOptions,
  type FoldFlags,
  type TraceFlags,
} from './trace-options.ts';

type Flags = CommonOptions &
  KindFlags &
  TraceFlags &
  NameFlags &
  SymbolFlags &
  SelectFlags &
  FoldFlags &
  OutputFlags &
  JobFlags;

export function addFoldCommand(program: Command, report: Report): void {
  addJobsOption(
    addOutputFormat(
      addFoldOptions(
        addSymbolOptions(
          addSelectOptions(addNameOptions(addPerfNames(addTraceOptions(program.command('fold'))))),
        ),
      ),
    ),
    'number of threads for folding trace files (default: up to 4 if the files exceed 256 MiB in total, otherwise 1)',
  )
    .description('fold the stacks of a trace into lines of the form root;…;leaf COUNT, sorted frame by frame')
    .argument(
      '[trace...]',
      'traces from SystemTap, perf, bpftrace or DTrace; with no file, or with -, standard input is read',
    )
    .optionsGroup(Group.OUTPUT)
    .option('--plain', 'leave out the comment lines (# stapflame …) that give the unit and the losses')
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .option('--summary <file>', 'write a JSON summary of input, output and losses')
    .option('-q, --quiet', 'no summary on stderr')
    .action(async (files: string[], flags: Flags) => {
      const treatment = { selection: selectionOf(flags), merges: true };
      const summary =
        (await inParts(files, flags)) ??
        (await convertTraces(files, flags, outputFor(flags, FOLDED), treatment));
      await report(summary, flags);
    });
}

/** Folds in several threads if possible and either requested or worthwhile. Otherwise returns `undefined`. */
async function inParts(files: readonly string[], flags: Flags): Promise<Summary | undefined> {
  const isPlainFold =
    outputFor(flags, FOLDED) === FOLDED &&
    (flags.input ?? STAP.word) === STAP.word &&
    flags.blankSeparated !== true &&
    flags.separator === undefined &&
    selectionOf(flags) === undefined &&
    !asksForNames(files, flags);
  if (files.length === 0 || files.includes(STDIN) || !isPlainFold) return undefined;
  const jobs = flags.jobs ?? usualJobs(files);
  if (jobs === 1) return undefined;
  const { foldInParts } = await import('../parts/fold-in-parts.ts');
  return foldInParts(files, jobs, flags);
}
