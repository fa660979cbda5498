import type { FolderSummary } from '@stapflame/folder';
import { EXACT_MAX, factsText, type FoldedWriterOptions } from '@stapflame/stacks';
import type { CommonOptions } from '../commands/context.ts';
import { folderOptions, type FoldFlags } from '../commands/trace-options.ts';
import { write, type Written } from '../convert.ts';
import { CliError, Exit } from '../exit.ts';
import type { InputTold } from '../inputs/input.ts';
import type { Output } from '../io/output.ts';
import { withOutput } from '../io/with-output.ts';
import { FOLDED } from '../outputs/table.ts';
import { withProgress } from '../progress.ts';
import { counted, summaryOf, type Summary } from '../summary.ts';
import { AnyFiles } from './any-files.ts';
import { ShardFacts, withProblems, type Shard } from './shard.ts';
import { mergeSortedTexts, openFilesAtOnce } from './sorted-files.ts';
import { surveyFiles, type Reading, type Surveyed } from './survey-files.ts';

export type MergeFlags = CommonOptions & FoldFlags & FoldedWriterOptions & { readonly strict?: boolean };

/**
 * Sums folded files into one sorted file. If all files are sorted, their lines are merged directly. Otherwise the
 * folder sums their stacks.
 */
export async function mergeFiles(shards: readonly Shard[], flags: MergeFlags): Promise<Summary> {
  const reading: Reading = { bytesRead: 0, size: undefined };
  let summary: Summary | undefined;
  const files = shards.map(({ file }) => file);
  await withProgress(flags, files, { inputs: [reading], told: () => ({}) }, async () => {
    const surveyed = await surveyFiles(shards, folderOptions(flags).tmpdir, reading);
    try {
      summary = await (surveyed ? mergeSorted(surveyed, flags) : mergeAny(shards, flags));
    } finally {
      surveyed?.close();
    }
  });
  return summary!;
}

async function mergeSorted({ sorted, texts, problems }: Surveyed, flags: MergeFlags): Promise<Summary> {
  refuseLosses(problems, sorted.length, flags);
  const all = new ShardFacts();
  for (const { shard, survey } of sorted) all.add(shard.file, survey.facts);
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const weight = sum(sorted.map(({ survey }) => survey.weight));
  const facts = withProblems(all.facts, problems.length);
  let distinct = 0;
  await withOutput(flags.output, async (output) => {
    if (flags.plain !== true) await output.write(Buffer.from(factsText(facts)));
    const rounds = { tmpdir: folderOptions(flags).tmpdir, openFiles: openFilesAtOnce() };
    for (const piece of mergeSortedTexts(texts, rounds, (more) => (distinct += more)))
      await output.write(piece);
  });
  const stacks = sum(sorted.map(({ survey }) => survey.stacks));
  const folded: FolderSummary = { stacks, weights: [weight], distinct, spilledRuns: 0 };
  return summaryWith(problems, {}, { facts, folded });
}

async function mergeAny(shards: readonly Shard[], flags: MergeFlags): Promise<Summary> {
  const files = new AnyFiles(shards);
  const told = (): InputTold => {
    const { ignoredLines, firstIgnoredLine } = files.summary;
    return firstIgnoredLine === undefined ? {} : { ignoredLines, firstIgnoredLine };
  };
  async function* checked(): ReturnType<AnyFiles['batches']> {
    yield* files.batches();
    refuseLosses(files.problems, files.summary.stacks, flags);
    const { ignoredLines, stacks } = files.summary;
    if (ignoredLines === 0 || (stacks > 0 && flags.strict !== true)) return;
    const text = `${counted(ignoredLines, 'line')} of the input ${ignoredLines === 1 ? 'is not a stack' : 'are not stacks'} (root;…;leaf COUNT)`;
    throw new CliError(
      Exit.DATA,
      stacks > 0 ? `${text}; with --strict, nothing is written` : `${text}; no line is a stack`,
    );
  }
  const output = await FOLDED.open(flags);
  let written: Written | undefined;
  await withOutput(flags.output, async (file: Output) => {
    const names = { ...flags, demangle: false } as const;
    written = await write(checked(), [], { merges: true }, names, output, file);
  });
  const { facts, folded } = written!;
  const isInexact = folded!.weights[0]! > EXACT_MAX;
  return summaryWith(files.problems, told(), {
    ...written!,
    facts: { ...facts, ...(isInexact && { inexact: true }) },
  });
}

/** Throws if all files are lost or, with `--strict`, if any file is lost or truncated. */
function refuseLosses(problems: readonly string[], usable: number, { strict }: MergeFlags): void {
  if (problems.length === 0 || (usable > 0 && strict !== true)) return;
  const text = problems.join('; ');
  throw new CliError(Exit.DATA, usable > 0 ? `${text}; with --strict, nothing is written` : text);
}

function summaryWith(problems: readonly string[], told: InputTold, written: Written): Summary {
  return summaryOf(
    told,
    problems.map((brokenOff) => ({ brokenOff })),
    written,
  );
}
