import {
  addLosses,
  combineFacts,
  EXACT_MAX,
  FoldedReader,
  StackBatch,
  StacksError,
  type Facts,
} from '@stapflame/stacks';
import { withOutput } from '../io/with-output.ts';
import type { OutputKind, StackOutput } from '../outputs/output.ts';
import { summaryOf, type Summary } from '../summary.ts';
import { forTerminal } from '../terminal.ts';
import { FOLDED_CUTTER } from './cut-folded.ts';
import type { FoldedRead } from './part-work.ts';
import { shareOut, whatChanged, type CutFile, type Shares } from './shares.ts';
import { foldInThreads, type SharesRead, type ThreadFlags } from './threads.ts';

/**
 * Merges folded text in up to `jobs` threads, and writes the same output as a single thread would. Returns `undefined`
 * without writing anything if there is work for only one thread, or if lines cannot be merged unchanged. The caller
 * must then read the input in one thread.
 */
export async function renderInParts<Flags>(
  files: readonly string[],
  jobs: number,
  flags: ThreadFlags & Flags,
  to: OutputKind<Flags>,
): Promise<Summary | undefined> {
  const output = await to.open(flags);
  const shares = shareOut(files, jobs, FOLDED_CUTTER);
  if (!shares) return undefined;
  let summary: Summary | undefined;
  try {
    const work = { input: 'folded', kindIsGiven: true } as const;
    summary = await foldInThreads(shares, files, flags, work, (all: SharesRead<FoldedRead>) =>
      finish(all, files, shares, flags.output, output),
    );
  } finally {
    shares.close();
  }
  if (summary) await output.afterwards?.();
  return summary;
}

async function finish(
  all: SharesRead<FoldedRead>,
  names: readonly string[],
  { cutFiles }: Shares<CutFile>,
  file: string | undefined,
  output: StackOutput,
): Promise<Summary | undefined> {
  const read = byFile(all.shares.flatMap((each) => each.read));
  const known = factsOf(read);
  const isPlain = read.every(({ isOther, ignoredLines }) => !isOther && ignoredLines === 0);
  // If the input contains a comparison's base, the base's names would have to be demangled, too.
  if (!known || known.base || !isPlain || all.stacks === 0 || all.weight > EXACT_MAX) return undefined;
  const brokenOff = read.flatMap(({ descriptor, isWhole, bytes, brokenOff: reason }, i) => {
    const name = forTerminal(names[i]!);
    if (!isWhole) return `${name}: ${all.signal} interrupted reading after ${bytes} bytes`;
    return (descriptor === undefined ? reason : whatChanged(name, cutFiles.get(descriptor)!)) ?? [];
  });
  const facts = brokenOff.length > 0 && !known.losses?.truncated ? withCut(known) : known;
  const text = all.text();
  await withOutput(file, (to) => output.write(batchesOf(text, { ...facts, order: 'frame' }), to));
  const ended = brokenOff.map((reason) => ({ brokenOff: reason }));
  return summaryOf({}, ended, { facts, ...all.written, ...output.told?.() });
}

/** Combines the results for the parts of each file, which are adjacent. */
function byFile(read: readonly FoldedRead[]): readonly FoldedRead[] {
  const files: FoldedRead[] = [];
  for (const next of read) {
    const last = files.at(-1);
    const isPart = next.descriptor !== undefined && last?.descriptor === next.descriptor;
    if (isPart) files[files.length - 1] = inTurn(last!, next);
    else files.push(next);
  }
  return files;
}

/** Combines two consecutive parts of a file. The later part's facts replace the earlier part's, and losses add up. */
function inTurn(before: FoldedRead, after: FoldedRead): FoldedRead {
  const { losses, ...later } = after.facts;
  return {
    ...before,
    facts: {
      ...before.facts,
      ...later,
      ...(losses && { losses: addLosses(before.facts.losses, losses) }),
    },
    bytes: before.bytes + after.bytes,
    ignoredLines: before.ignoredLines + after.ignoredLines,
    isWhole: before.isWhole && after.isWhole,
    isOther: before.isOther || after.isOther,
  };
}

/** Returns `undefined` if the files have different units. Reading them in one thread then reports the units. */
function factsOf(files: readonly FoldedRead[]): Facts | undefined {
  try {
    return files.map(({ facts }) => facts).reduce((all, facts) => combineFacts(all, facts));
  } catch (error) {
    if (error instanceof StacksError) return undefined;
    throw error;
  }
}

function withCut({ losses, ...facts }: Facts): Facts {
  return { ...facts, losses: { ...losses, truncated: 1 } };
}

async function* batchesOf(text: AsyncIterable<Uint8Array>, facts: Facts): AsyncGenerator<StackBatch> {
  const reader = new FoldedReader();
  for await (const piece of text) {
    reader.push(piece);
    if (reader.full) for (const batch of reader.take()) yield withFacts(batch, facts);
  }
  for (const batch of reader.finish()) yield withFacts(batch, facts);
}

function withFacts(batch: StackBatch, facts: Facts): StackBatch {
  const { table, frames, bounds, weights } = batch;
  return new StackBatch({ table, frames, bounds, weights, facts, release: () => batch.release() });
}
