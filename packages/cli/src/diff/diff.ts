import { StackComparison, type CompareOptions, type Comparison, type FunctionRow } from '@stapflame/diff';
import { FrameList, SAMPLES, StackBatch } from '@stapflame/stacks';
import type { CommonOptions } from '../commands/context.ts';
import type { NameFlags } from '../commands/name-options.ts';
import { pictureTreatment } from '../commands/picture-options.ts';
import type { TraceFlags } from '../commands/trace-options.ts';
import { demanglerFor, write, type Written } from '../convert.ts';
import { CliError, Exit } from '../exit.ts';
import type { KindFlags } from '../inputs/open.ts';
import type { Input } from '../io/inputs.ts';
import { withOutput } from '../io/with-output.ts';
import { withProgress } from '../progress.ts';
import { summaryOf, type Summary } from '../summary.ts';
import { diffOutputFor, type DiffKnown, type DiffOutputFlags } from './outputs.ts';
import type { Scale } from './scale.ts';
import { factsOfBoth, SideFiles } from './side.ts';
import { pointsText } from './words.ts';

export type DiffFlags = CommonOptions &
  KindFlags &
  TraceFlags &
  NameFlags &
  DiffOutputFlags & {
    readonly normalize?: boolean;
    readonly by?: 'total' | 'time';
    readonly stripHex?: boolean;
    readonly significance: number;
    readonly failAbove?: number;
    readonly minSamples: number;
  };

/** The comparison and the command's summary. */
export interface Compared {
  readonly summary: Summary;
  readonly comparison: Comparison;
}

/** Compares the files of two profiles and writes the requested output. */
export async function diffFiles(
  beforeFiles: readonly string[],
  afterFiles: readonly string[],
  flags: DiffFlags,
): Promise<Compared> {
  const inputs: Input[] = [];
  const before = new SideFiles('before', beforeFiles, inputs);
  const after = new SideFiles('after', afterFiles, inputs);
  const compared = new StackComparison();
  let comparison: Comparison | undefined;
  const known: DiffKnown = {
    facts: () => {
      const { unit = SAMPLES } = factsOfBoth(before, after);
      const { significance } = flags;
      const compareBy = exposuresOf(before, after, flags);
      comparison ??= compared.finish({ significance, ...compareBy });
      return { comparison, unit, significance, ...compareBy };
    },
    scale: () => scaleOf(known.facts().comparison, before, after, flags),
  };
  async function* batches(): AsyncGenerator<StackBatch> {
    const demangler = await demanglerFor({ ...flags, mergeClones: flags.mergeClones ?? true });
    for (const side of [before, after]) {
      for await (const batch of side.batches(flags, demangler)) {
        compared.push(batch);
        yield batch;
      }
    }
    // The last batch has the facts that both profiles share.
    yield emptyBatch(factsOfBoth(before, after));
  }
  const kind = diffOutputFor(flags);
  const output = await kind.open(flags, known);
  const { selection } = pictureTreatment(flags);
  const treatment = { merges: true, ...(selection && { selection }) };
  let written: Written | undefined;
  const watched = { inputs, told: () => after.told() };
  await withProgress(flags, [...beforeFiles, ...afterFiles], watched, async () => {
    await withOutput(flags.output, async (file) => {
      written = await write(
        batches(),
        inputs,
        treatment,
        { ...flags, demangle: false, mergeClones: false },
        output,
        file,
      );
    });
  });
  await output.afterwards?.();
  const { comparison: result } = known.facts();
  const summary = summaryOf({}, inputs, written!);
  const sides = { before: before.summary(), after: after.summary() };
  const complete = summary.complete && sides.before.complete && sides.after.complete;
  return { summary: { ...summary, ...sides, complete }, comparison: result };
}

function emptyBatch(facts: StackBatch['facts']): StackBatch {
  return new StackBatch({
    table: new FrameList(),
    frames: new Uint32Array(0),
    bounds: new Uint32Array(1),
    weights: [new Float64Array(0), new Float64Array(0)],
    facts,
  });
}

/** Returns the divisors for the two profiles' counts, or an empty object if the totals are the divisors. */
function exposuresOf(
  before: SideFiles,
  after: SideFiles,
  { normalize = true, by = 'total' }: DiffFlags,
): Pick<CompareOptions, 'exposures'> {
  if (!normalize) return { exposures: [1, 1] };
  if (by === 'total') return {};
  const [one, other] = [before, after].map(timeOf) as [number, number];
  return { exposures: [one, other] };
}

/** Returns the number of samples that one CPU can produce in the profile's sampling time. */
function timeOf({ side, files, facts: { duration, period = 1 } }: SideFiles): number {
  if (duration !== undefined && duration > 0) return duration / period;
  throw new CliError(
    Exit.DATA,
    `--by time: ${files.join(', ')} (${side}) does not say how long sampling took; use --by total or --no-normalize instead`,
  );
}

function scaleOf(comparison: Comparison, before: SideFiles, after: SideFiles, flags: DiffFlags): Scale {
  const { exposures } = exposuresOf(before, after, flags);
  return exposures ? { of: exposures[1], by: exposures[0] } : { of: comparison.after, by: comparison.before };
}

/**
 * Throws if a function's share has grown by more than `failAbove`. If significance is known, the growth must also be
 * significant.
 */
export function refuseMore({ rows, untested }: Comparison, { failAbove, minSamples }: DiffFlags): void {
  if (failAbove === undefined) return;
  const over = rows.flatMap((row) => {
    const most = ([row.self, row.total] as const)
      .filter(
        ({ before, after, points, isSignificant }) =>
          points > failAbove && before + after >= minSamples && isSignificant !== false,
      )
      .reduce((larger, { points }) => Math.max(larger, points), 0);
    return most > 0 ? [{ row, most }] : [];
  });
  if (over.length === 0) return;
  const named = over
    .toSorted((a, b) => b.most - a.most)
    .slice(0, 5)
    .map(nameOf);
  const rest = over.length > named.length ? `, and ${over.length - named.length} more` : '';
  const unknown = untested === undefined ? '' : ' (significance unknown)';
  throw new CliError(
    Exit.FAILED,
    `increased by more than ${failAbove} points${unknown}: ${named.join(', ')}${rest}`,
  );
}

function nameOf({ row, most }: { readonly row: FunctionRow; readonly most: number }): string {
  return `${row.label} ${pointsText(most)}`;
}
