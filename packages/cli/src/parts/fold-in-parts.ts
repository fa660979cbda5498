import { closeSync, fstatSync, openSync, readSync, type BigIntStats } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { DEFAULT_MEMORY, MIN_MEMORY } from '@stapflame/folder';
import { factsText, SortedMerge, type Facts, type FoldedWriterOptions } from '@stapflame/stacks';
import { combineParts, isSameInParts } from '@stapflame/stap-parser';
import type { CommonOptions } from '../commands/context.ts';
import type { NameFlags } from '../commands/name-options.ts';
import type { FoldFlags, TraceFlags } from '../commands/trace-options.ts';
import { CliError } from '../exit.ts';
import { pathOf } from '../io/file-names.ts';
import { onFirstSignal } from '../io/signals.ts';
import { keepHeapSmall } from '../io/small-heap.ts';
import { withOutput } from '../io/with-output.ts';
import { withProgress } from '../progress.ts';
import { summaryOf, type Summary } from '../summary.ts';
import { forTerminal } from '../terminal.ts';
import type { PartDone, PartFailed, PartWork } from './part-work.ts';
import { cutTrace, type CutTrace, type Range } from './ranges.ts';

export type PartFlags = CommonOptions & TraceFlags & NameFlags & FoldFlags & FoldedWriterOptions;

/**
 * Folds a trace in `jobs` threads, one part in each, into the same bytes as one thread does. Returns `undefined` if the
 * trace cannot be cut, or turns out not to be what its start showed. Nothing is written then: read it as a whole.
 */
export async function foldInParts(
  file: string,
  jobs: number,
  flags: PartFlags,
): Promise<Summary | undefined> {
  let descriptor: number;
  try {
    descriptor = openSync(pathOf(file), 'r');
  } catch {
    return undefined;
  }
  try {
    const stats = fstatSync(descriptor, { bigint: true });
    const cut = stats.isFile() ? cutTrace(descriptor, jobs) : undefined;
    if (!cut || cut.ranges.length < 2) return undefined;
    return await new PartsFold(file, descriptor, stats, cut, flags).run();
  } finally {
    closeSync(descriptor);
  }
}

class PartsFold {
  readonly #file: string;
  readonly #descriptor: number;
  readonly #stats: BigIntStats;
  readonly #cut: CutTrace;
  readonly #flags: PartFlags;
  readonly #threads: PartThread[];
  #signal: NodeJS.Signals | undefined;

  constructor(file: string, descriptor: number, stats: BigIntStats, cut: CutTrace, flags: PartFlags) {
    this.#file = file;
    this.#descriptor = descriptor;
    this.#stats = stats;
    this.#cut = cut;
    this.#flags = flags;
    const share = Math.floor((flags.memory ?? DEFAULT_MEMORY) / cut.ranges.length);
    this.#threads = cut.ranges.map(
      (range) =>
        new PartThread(range, {
          descriptor,
          header: cut.shape.header === '' ? '' : `${cut.shape.header}\n`,
          flags: { ...plainFlags(flags), memory: Math.max(MIN_MEMORY, share) },
        }),
    );
  }

  async run(): Promise<Summary | undefined> {
    let summary: Summary | undefined;
    const threads = this.#threads;
    const size = Number(this.#stats.size);
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
      await withProgress(this.#flags, [this.#file], { inputs: [input], told: () => ({}) }, async () => {
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
    const { shape, trailer } = this.#cut;
    const parts = done.map(({ part }) => part);
    const isWhole = done.every((each) => each.isWhole);
    const brokenOff = this.#whyEnded(done);
    // that a signal ended reading does not mean that the dialect changes
    if (isWhole && !isSameInParts(parts, shape)) return undefined;
    const { summary: trace, facts: known } = combineParts(parts, shape, isWhole ? trailer : '');
    if (trace.whole === 0) return undefined;
    const facts: Facts =
      brokenOff === undefined || known.losses?.truncated !== undefined
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
    return summaryOf({ trace }, [{ brokenOff }], {
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

  /** Why reading ended early, in the same words as for an input that is read as a whole. */
  #whyEnded(done: readonly PartDone[]): string | undefined {
    const name = forTerminal(this.#file);
    const read = this.#threads.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
    if (this.#signal !== undefined && done.some(({ isWhole }) => !isWhole))
      return `${name}: ${this.#signal} ended reading after ${read} bytes`;
    const before = this.#stats;
    const { size, mtimeNs } = fstatSync(this.#descriptor, { bigint: true });
    if (size === before.size && mtimeNs === before.mtimeNs) return undefined;
    const how = size === before.size ? 'was written to' : `went from ${before.size} to ${size} bytes`;
    return `${name} ${how} while it was read; read it again when it is whole`;
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

/** The flags of the command line, as a thread can be handed them. */
function plainFlags(flags: PartFlags): PartWork['flags'] {
  return structuredClone(flags);
}

/** A thread that folds a part. */
class PartThread {
  readonly #work: PartWork;
  readonly #read: Int32Array;

  constructor(range: Range, work: Omit<PartWork, 'range' | 'control'>) {
    const control = new SharedArrayBuffer(8);
    this.#work = { ...work, range, control };
    this.#read = new Int32Array(control, 4, 1);
  }

  /** Modulo 2^32, as a thread counts them. */
  get bytesRead(): number {
    return Atomics.load(this.#read, 0) >>> 0;
  }

  stop(): void {
    Atomics.store(new Int32Array(this.#work.control, 0, 1), 0, 1);
  }

  fold(): Promise<PartDone> {
    return new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./fold-worker.js', import.meta.url), {
        workerData: this.#work,
        // its temporary file is read after it has ended
        trackUnmanagedFds: false,
      });
      worker.on('message', (message: PartDone | PartFailed) => {
        if (!('failed' in message)) resolve(message);
        else reject(failureOf(message));
      });
      worker.on('error', reject);
      worker.on('exit', () => reject(new Error('a thread that folds ended without a word')));
    });
  }
}

function failureOf({ failed, exitCode, stack, isNoMemory }: PartFailed): Error {
  if (isNoMemory) return new RangeError(failed);
  return new CliError(exitCode, failed, new Error(stack));
}
