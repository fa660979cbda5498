import { closeSync, readSync } from 'node:fs';
import { DEFAULT_MEMORY, MIN_MEMORY } from '@stapflame/folder';
import type { TextSource } from '@stapflame/stacks';
import type { CommonOptions } from '../commands/context.ts';
import type { NameFlags } from '../commands/name-options.ts';
import type { FoldFlags, TraceFlags } from '../commands/trace-options.ts';
import { onFirstSignal } from '../io/signals.ts';
import { keepHeapSmall } from '../io/small-heap.ts';
import { withProgress } from '../progress.ts';
import { PartThread } from './part-thread.ts';
import type { PartDone, PartWork } from './part-work.ts';
import type { CutFile, Shares } from './shares.ts';

export type ThreadFlags = CommonOptions & TraceFlags & NameFlags & FoldFlags;

/** The results of all threads, and the signal that ended their reading. */
export interface AllDone<Read> {
  readonly done: readonly PartDone<Read>[];
  readonly signal: NodeJS.Signals | undefined;
}

/** Folds each share in its own thread and hands the results to `use`, with a progress bar. Threads share the memory. */
export async function foldInThreads<Read, Result>(
  { shares, size }: Shares<CutFile>,
  files: readonly string[],
  flags: ThreadFlags,
  work: Pick<PartWork, 'input' | 'kindIsGiven'>,
  use: (all: AllDone<Read>) => Promise<Result>,
): Promise<Result> {
  const memory = Math.max(MIN_MEMORY, Math.floor((flags.memory ?? DEFAULT_MEMORY) / shares.length));
  // each thread gets a copy
  const plainFlags = { ...structuredClone(flags), memory };
  const threads = shares.map((pieces) => new PartThread({ ...work, pieces, flags: plainFlags }));
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
    for (const thread of threads) thread.stop();
  });
  let result: Result;
  try {
    const watched = { inputs: [input], told: () => ({}) };
    await withProgress(flags, files.slice(0, 1), watched, async () => {
      const settled = await Promise.allSettled(threads.map((thread) => thread.fold<Read>()));
      const done = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      try {
        const failure = settled.find((each) => each.status === 'rejected');
        if (failure) throw failure.reason;
        result = await use({ done, signal });
      } finally {
        for (const each of done) closeSync(each.descriptor);
      }
    });
  } finally {
    release();
  }
  return result!;
}

/** The sorted text that a thread wrote. */
export function textOf({ descriptor }: PartDone<unknown>): TextSource {
  let at = 0;
  return {
    read(into) {
      const length = readSync(descriptor, into, 0, into.length, at);
      at += length;
      return length;
    },
  };
}
