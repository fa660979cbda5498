import { DEFAULT_SIGNIFICANCE } from '@stapflame/diff';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { diffFiles, refuseMore, type DiffFlags } from '../diff/diff.ts';
import { DIFF_OUTPUTS } from '../diff/outputs.ts';
import { CliError, Exit } from '../exit.ts';
import { Group } from '../help/groups.ts';
import { openOption } from '../open-picture.ts';
import type { Report } from './context.ts';
import { addNameOptions } from './name-options.ts';
import { addPictureOptions } from './picture-options.ts';
import { addFoldOptions, addTraceOptions, decimalNumber, wholeNumber } from './trace-options.ts';

type Flags = DiffFlags & { readonly before?: readonly string[]; readonly after?: readonly string[] };

/** Default for `--min-samples`. */
const MIN_SAMPLES = 100;

export function addDiffCommand(program: Command, report: Report): void {
  const endings = DIFF_OUTPUTS.map(({ name, extensions }) => `${name} (${extensions.join(', ')})`).join(', ');
  addPictureOptions(addFoldOptions(addNameOptions(addTraceOptions(program.command('diff')))))
    .description('compare two profiles, function by function, and report which differences are significant')
    .argument('[before]', 'profile before the change: folded stacks or a trace')
    .argument('[after]', 'profile after the change: folded stacks or a trace')
    .optionsGroup(Group.COMPARISON)
    .option('--before <files...>', 'files of the profile before the change; their counts are summed')
    .option('--after <files...>', 'files of the profile after the change; their counts are summed')
    .option('--no-normalize', "compare counts instead of shares of each profile's total")
    .addOption(new Option('--normalize', "compare shares of each profile's total (the default)").hideHelp())
    .addOption(
      new Option('--by <what>', 'divide the counts of each profile by its total or by its sampling time')
        .choices(['total', 'time'])
        .default('total'),
    )
    .option(
      '--strip-hex',
      'treat all addresses in names (0x…) as equal, so that code that has moved is still compared',
    )
    .option('--no-merge-clones', 'list compiler-generated copies of a function (.isra.0, .cold) separately')
    .option(
      '--significance <level>',
      'accepted probability of reporting a significant difference where there is none',
      decimalNumber,
      DEFAULT_SIGNIFICANCE,
    )
    .option('--all', 'also list functions that do not differ significantly, and colour their boxes')
    .option(
      '--fail-above <points>',
      "exit with 1 if a function's share (self or total) grew significantly and by more than this, such as 2%",
      points,
    )
    .option(
      '--min-samples <number>',
      'with --fail-above, ignore functions with fewer samples than this in the two profiles together',
      wholeNumber,
      MIN_SAMPLES,
    )
    .optionsGroup(Group.OUTPUT)
    .option('--plain', 'leave out the comment lines (# stapflame …) of folded text')
    .addOption(
      new Option(
        '--output-format <name>',
        `output format: ${endings}; by default, the extension of the -o file decides, and standard output gets the table`,
      ).choices(DIFF_OUTPUTS.map(({ name }) => name)),
    )
    .addOption(
      new Option(
        '--json',
        'write the comparison of all functions as JSON (default for -o FILE.json)',
      ).conflicts('outputFormat'),
    )
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .addOption(openOption())
    .option('--summary <file>', 'write a JSON summary of input, output and losses')
    .option('-q, --quiet', 'no summary on stderr')
    .action(async (one: string | undefined, other: string | undefined, flags: Flags) => {
      const [before, after] = sidesOf(one, other, flags);
      if (flags.flamechart === true)
        throw new CliError(
          Exit.USAGE,
          '--flamechart cannot be used with diff, because a comparison merges stacks and does not keep their order in time',
        );
      const { summary, comparison } = await diffFiles(before, after, flags);
      await report(summary, flags);
      refuseMore(comparison, flags);
    });
}

/** Returns the files for each profile, taken from the arguments or from --before and --after. */
function sidesOf(
  one: string | undefined,
  other: string | undefined,
  { before = [], after = [] }: Flags,
): readonly [readonly string[], readonly string[]] {
  const named = [one, other].filter((file) => file !== undefined);
  const isPair = named.length === 2 && before.length + after.length === 0;
  if (isPair) return [[named[0]!], [named[1]!]];
  if (named.length === 0 && before.length > 0 && after.length > 0) return [before, after];
  throw new CliError(
    Exit.USAGE,
    'expected two files to compare: stapflame diff BEFORE AFTER, or --before FILE… --after FILE…',
  );
}

/** Parses percentage points, written as `2%` or `2`. */
function points(text: string): number {
  try {
    return decimalNumber(text.replace(/ ?%$/, ''));
  } catch {
    throw new InvalidArgumentError('expected percentage points, such as 2% or 0.5%.');
  }
}
