import { closeSync, readSync } from 'node:fs';
import { DEFAULT_MEMORY, MIN_MEMORY } from '@stapflame/folder';
import { factsText, SortedMerge, StacksError, type Facts, type FoldedWriterOptions } from '@stapflame/stacks';
import { combineTraces } from '@stapflame/stap-parser';
import type { CommonOptions } from '../commands/context.ts';
import type { NameFlags } from '../commands/name-options.ts';
import type { FoldFlags, TraceFlags } from '../commands/trace-options.ts';
import type { KindFlags } from '../inputs/open.ts';
import { onFirstSignal } from '../io/signals.ts';
import { keepHeapSmall } from '../io/small-heap.ts';
import { withOutput } from '../io/with-output.ts';
import { withProgress } from '../progress.ts';
import { summaryOf, type Summary } from '../summary.ts';
import { PartThread } from './part-thread.ts';
import type { PartDone } from './part-work.ts';
import { tracesOf } from './read-in-shares.ts';
import { shareOut, type Shares } from './shares.ts';

export type PartFlags = CommonOptions & KindFlags & TraceFlags & NameFlags & FoldFlags & FoldedWriterOptions;

/**
 * Folds traces in up to `jobs` threads into the same bytes as one thread does. Returns `undefined` if there is work for
 * only one thread, or if an input turns out not to be what its start looked like. Nothing is written then: read
 * the input as a whole.
 */
export async function foldInParts(
  files: readonly string[],
  jobs: number,
  flags: PartFlags,
): Promise<Summary | undefined> {
  const shares = shareOut(files, jobs, flags.input !== undefined);
  if (!shares) return undefined;
  try {
    return await new PartsFold(files, shares, flags).run();
  } finally {
    shares.close();
  }
}

class PartsFold {
  readonly #files: readonly string[];
  readonly #shares: Shares;
  readonly #flags: PartFlags;
  readonly #threads: readonly PartThread[];
  #signal: NodeJS.Signals | undefined;

  constructor(files: readonly string[], shares: Shares, flags: PartFlags) {
    this.#files = files;
    this.#shares = shares;
    this.#flags = flags;
    const { length } = shares.shares;
    const memory = Math.max(MIN_MEMORY, Math.floor((flags.memory ?? DEFAULT_MEMORY) / length));
    const kindIsGiven = flags.input !== undefined;
    // a thread is handed a copy
    const plainFlags = { ...structuredClone(flags), memory };
    this.#threads = shares.shares.map((pieces) => new PartThread({ pieces, flags: plainFlags, kindIsGiven }));
  }

  async run(): Promise<Summary | undefined> {
    let summary: Summary | undefined;
    const threads = this.#threads;
    const { size } = this.#shares;
    keepHeapSmall(size);
    const input = {
      size,
      get bytesRead() {
        return threads.reduce((sum, thread) => sum + thread.bytesRead, 0);
      },
    };
    const release = onFirstSignal((signal) => {
      this.#signal = signal;
      for (const thread of threads) thread.stop();
    });
    try {
      const watched = { inputs: [input], told: () => ({}) };
      await withProgress(this.#flags, this.#files.slice(0, 1), watched, async () => {
        const settled = await Promise.allSettled(threads.map((thread) => thread.fold()));
        const done = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
        try {
          const failure = settled.find((each) => each.status === 'rejected');
          if (failure) throw failure.reason;
          summary = await this.#finish(done);
        } finally {
          for (const each of done) closeSync(each.descriptor);
        }
      });
    } finally {
      release();
    }
    return summary;
  }

  async #finish(done: readonly PartDone[]): Promise<Summary | undefined> {
    const read = tracesOf(this.#shares, done, this.#signal);
    const combined = read && combine(read.traces);
    if (!read || !combined || combined.summary.whole === 0) return undefined;
    const { summary: trace, facts: known } = combined;
    const { brokenOff } = read;
    const facts: Facts =
      brokenOff.length === 0 || known.losses?.truncated !== undefined
        ? known
        : { ...known, losses: { ...known.losses, truncated: 1 } };
    const sources = done.map(({ descriptor }) => sourceOf(descriptor));
    const merge = new SortedMerge(sources, { buffer: MERGE_BUFFER });
    await withOutput(this.#flags.output, async (output) => {
      if (this.#flags.plain !== true) await output.write(Buffer.from(factsText(facts)));
      for (const piece of merge.lines()) await output.write(piece);
    });
    const sum = (value: (each: PartDone) => number): number =>
      done.reduce((total, each) => total + value(each), 0);
    const ended = brokenOff.map((reason) => ({ brokenOff: reason }));
    return summaryOf({ trace }, ended, {
      facts,
      folded: {
        stacks: sum(({ folded }) => folded.stacks),
        weights: [sum(({ folded }) => folded.weights[0]!)],
        distinct: merge.distinct,
        spilledRuns: sum(({ folded }) => folded.spilledRuns),
      },
      ...(done.some(({ namesGivenUp }) => namesGivenUp) && { namesGivenUp: true }),
    });
  }
}

/** `undefined` if they count different things: reading them as a whole then says which of them do. */
function combine(traces: Parameters<typeof combineTraces>[0]): ReturnType<typeof combineTraces> | undefined {
  try {
    return combineTraces(traces);
  } catch (error) {
    if (error instanceof StacksError) return undefined;
    throw error;
  }
}

const MERGE_BUFFER = 1 << 17;

function sourceOf(descriptor: number): { read(into: Uint8Array): number } {
  let at = 0;
  return {
    read(into) {
      const length = readSync(descriptor, into, 0, into.length, at);
      at += length;
      return length;
    },
  };
}
