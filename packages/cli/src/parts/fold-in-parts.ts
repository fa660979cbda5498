import { factsText, StacksError, type Facts, type FoldedWriterOptions } from '@stapflame/stacks';
import { combineTraces } from '@stapflame/stap-parser';
import type { KindFlags } from '../inputs/open.ts';
import { withOutput } from '../io/with-output.ts';
import { summaryOf, type Summary } from '../summary.ts';
import { traceCutter, type CutTraceFile } from './cut-traces.ts';
import type { FilesRead, PartRead } from './part-work.ts';
import { tracesOf } from './read-in-shares.ts';
import { shareOut, type Shares } from './shares.ts';
import { foldInThreads, type SharesRead, type ThreadFlags } from './threads.ts';

export type PartFlags = ThreadFlags & KindFlags & FoldedWriterOptions;

/**
 * Folds traces in up to `jobs` threads, and writes the same bytes as a single thread would. Returns `undefined` without
 * writing anything if there is work for only one thread, or if an input turns out to differ from what its first bytes
 * suggested. The caller must then read the input in one thread.
 */
export async function foldInParts(
  files: readonly string[],
  jobs: number,
  flags: PartFlags,
): Promise<Summary | undefined> {
  const kindIsGiven = flags.input !== undefined;
  const shares = shareOut(files, jobs, traceCutter(kindIsGiven));
  if (!shares) return undefined;
  try {
    const work = { input: 'traces', kindIsGiven } as const;
    return await foldInThreads(shares, files, flags, work, (all: SharesRead<PartRead | FilesRead>) =>
      finish(all, shares, flags),
    );
  } finally {
    shares.close();
  }
}

async function finish(
  all: SharesRead<PartRead | FilesRead>,
  shares: Shares<CutTraceFile>,
  flags: PartFlags,
): Promise<Summary | undefined> {
  const read = tracesOf(shares, all);
  const combined = read && combine(read.traces);
  if (!read || !combined || combined.summary.whole === 0) return undefined;
  const { summary: trace, facts: known } = combined;
  const { brokenOff } = read;
  const facts: Facts =
    brokenOff.length === 0 || known.losses?.truncated !== undefined
      ? known
      : { ...known, losses: { ...known.losses, truncated: 1 } };
  await withOutput(flags.output, async (output) => {
    if (flags.plain !== true) await output.write(Buffer.from(factsText(facts)));
    for await (const piece of all.text()) await output.write(piece);
  });
  const ended = brokenOff.map((reason) => ({ brokenOff: reason }));
  return summaryOf({ trace }, ended, { facts, ...all.written });
}

/** Returns `undefined` if the traces have different units. Reading them in one thread then reports the units. */
function combine(traces: Parameters<typeof combineTraces>[0]): ReturnType<typeof combineTraces> | undefined {
  try {
    return combineTraces(traces);
  } catch (error) {
    if (error instanceof StacksError) return undefined;
    throw error;
  }
}
