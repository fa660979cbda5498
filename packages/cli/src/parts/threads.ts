import { DEFAULT_MEMORY, MIN_MEMORY } from '@stapflame/folder';
import { SortedMerge } from '@stapflame/stacks';
import type { CommonOptions } from '../commands/context.ts';
import type { NameFlags } from '../commands/name-options.ts';
import type { FoldFlags, TraceFlags } from '../commands/trace-options.ts';
import type { Written } from '../convert.ts';
import { onFirstSignal } from '../io/signals.ts';
import { keepHeapSmall } from '../io/small-heap.ts';
import { withProgress } from '../progress.ts';
import { PartThread } from './part-thread.ts';
import type { PartWork, ShareRead } from './part-work.ts';
import type { CutFile, Shares } from './shares.ts';

export type ThreadFlags = CommonOptions & TraceFlags & NameFlags & FoldFlags;

/** The shares that the threads have read, and the threads' output, which is merged while they write it. */
export class SharesRead<Read> {
  readonly shares: readonly ShareRead<Read>[];
  /** The signal that stopped reading, if any. */
  readonly signal: NodeJS.Signals | undefined;
  readonly #threads: readonly PartThread<Read>[];
  readonly #merge: SortedMerge;

  constructor(
    threads: readonly PartThread<Read>[],
    shares: readonly ShareRead<Read>[],
    signal: NodeJS.Signals | undefined,
  ) {
    this.#threads = threads;
    this.shares = shares;
    this.signal = signal;
    this.#merge = new SortedMerge(threads, { buffer: MERGE_BUFFER });
  }

  /** Number of stacks read. */
  get stacks(): number {
    return this.shares.reduce((sum, { stacks }) => sum + stacks, 0);
  }

  /** Sum of the weights of all stacks read. */
  get weight(): number {
    return this.shares.reduce((sum, { weight }) => sum + weight, 0);
  }

  /** Yields the merged text. Each chunk is valid only until the next one is requested. */
  async *text(): AsyncGenerator<Uint8Array> {
    for (const thread of this.#threads) thread.sendText();
    for (const piece of this.#merge.lines())
      if (piece.length > 0) yield piece;
      else await Promise.all(this.#threads.map((thread) => thread.arrival()));
  }

  /** The summary of the merged text, known after its last chunk. */
  get written(): Pick<Written, 'folded' | 'namesGivenUp'> {
    const ends = this.#threads.map(({ end }) => end);
    return {
      folded: {
        stacks: this.stacks,
        weights: [this.weight],
        distinct: this.#merge.distinct,
        spilledRuns: ends.reduce((sum, { folded }) => sum + folded.spilledRuns, 0),
      },
      ...(ends.some(({ namesGivenUp }) => namesGivenUp) && { namesGivenUp: true }),
    };
  }
}

const MERGE_BUFFER = 1 << 17;

/**
 * Reads each share in its own thread, shows a progress bar, and passes the results to `use`. The memory budget is
 * divided among the threads.
 */
export async function foldInThreads<Read, Result>(
  { shares, size }: Shares<CutFile>,
  files: readonly string[],
  flags: ThreadFlags,
  work: Pick<PartWork, 'input' | 'kindIsGiven'>,
  use: (read: SharesRead<Read>) => Promise<Result>,
): Promise<Result> {
  const memory = Math.max(MIN_MEMORY, Math.floor((flags.memory ?? DEFAULT_MEMORY) / shares.length));
  // each thread receives a copy of these flags
  const plainFlags = { ...structuredClone(flags), memory };
  const threads = shares.map((pieces) => new PartThread<Read>({ ...work, pieces, flags: plainFlags }));
  keepHeapSmall(size);
  const input = {
    size,
    get bytesRead() {
      return threads.reduce((sum, thread) => sum + thread.bytesRead, 0);
    },
  };
  let signal: NodeJS.Signals | undefined;
  const release = onFirstSignal((received) => {
    signal = received;
    for (const thread of threads) thread.stopReading();
  });
  let result: Result;
  try {
    const watched = { inputs: [input], told: () => ({}) };
    await withProgress(flags, files.slice(0, 1), watched, async () => {
      const read = await Promise.all(threads.map((thread) => thread.start()));
      result = await use(new SharesRead(threads, read, signal));
    });
  } finally {
    release();
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
  return result!;
}
