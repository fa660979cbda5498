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

/** Samples of a function on both sides together, below which `--fail-above` does not look at it. */
const MIN_SAMPLES = 100;

export function addDiffCommand(program: Command, report: Report): void {
  const endings = DIFF_OUTPUTS.map(({ name, extensions }) => `${name} (${extensions.join(', ')})`).join(', ');
  addPictureOptions(addFoldOptions(addNameOptions(addTraceOptions(program.command('diff')))))
    .description('compare two profiles, function by function, and say what is more than chance')
    .argument('[before]', 'folded stacks or a trace')
    .argument('[after]', 'folded stacks or a trace')
    .optionsGroup(Group.COMPARISON)
    .option('--before <files...>', 'several files before, summed')
    .option('--after <files...>', 'several files after, summed')
    .option('--no-normalize', 'compare the counts themselves; else shares of the total of each side')
    .addOption(new Option('--normalize', 'compare shares of the total (the default)').hideHelp())
    .addOption(
      new Option(
        '--by <what>',
        'what makes both sides comparable: their total, or the time they were sampled',
      )
        .choices(['total', 'time'])
        .default('total'),
    )
    .option('--strip-hex', 'addresses in names (0x…) are all the same: code that moved is compared')
    .option('--no-merge-clones', 'keep copies that the compiler made of a function (.isra.0, .cold) apart')
    .option(
      '--significance <level>',
      'how often anything may be called significant where nothing differs',
      decimalNumber,
      DEFAULT_SIGNIFICANCE,
    )
    .option('--all', 'show functions without a significant difference in the table, too')
    .option(
      '--fail-above <points>',
      'end with 1 where self or total of a function is significantly higher, by more than so many points: 2%',
      points,
    )
    .option(
      '--min-samples <number>',
      'samples of a function, on both sides together, below which --fail-above does not look at it',
      wholeNumber,
      MIN_SAMPLES,
    )
    .optionsGroup(Group.OUTPUT)
    .option('--plain', 'no comment lines (# stapflame …) in folded text')
    .addOption(
      new Option(
        '--output-format <name>',
        `what is written: ${endings}; without it the end of the file's name tells (-o), and standard output gets the table`,
      ).choices(DIFF_OUTPUTS.map(({ name }) => name)),
    )
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .addOption(openOption())
    .option('--summary <file>', 'write what was read, compared and lost as JSON')
    .option('-q, --quiet', 'no summary on stderr')
    .action(async (one: string | undefined, other: string | undefined, flags: Flags) => {
      const [before, after] = sidesOf(one, other, flags);
      if (flags.flamechart === true)
        throw new CliError(
          Exit.USAGE,
          '--flamechart: the stacks of a comparison are merged, and have no time',
        );
      const { summary, comparison } = await diffFiles(before, after, flags);
      await report(summary, flags);
      refuseMore(comparison, flags);
    });
}

/** The files of each side, however they are named. */
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

/** `2%` or `2` */
function points(text: string): number {
  try {
    return decimalNumber(text.replace(/ ?%$/, ''));
  } catch {
    throw new InvalidArgumentError('expected points of a percentage, such as 2% or 0.5%.');
  }
}
