import { closeSync, fstatSync, openSync, readFileSync, readSync, type BigIntStats } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { SpillFile } from '@stapflame/stacks';
import { spillFiles } from '@stapflame/stacks/stream';
import {
  compareNames,
  SortedMerge,
  SortedSurveyor,
  type SortedSurvey,
  type TextSource,
} from '@stapflame/stacks';
import { CliError, Exit } from '../exit.ts';
import { pathOf } from '../io/file-names.ts';
import { reasonNotOpened } from '../io/inputs.ts';
import { onFirstSignal } from '../io/signals.ts';
import { keepHeapSmall } from '../io/small-heap.ts';
import { forTerminal } from '../terminal.ts';
import { rootOf, type Shard } from './shard.ts';

/** A file that was read once and found to be sorted. */
export interface SortedFile {
  readonly shard: Shard;
  readonly survey: SortedSurvey;
  readonly root: string | undefined;
  readonly stats: BigIntStats;
}

/** What the first reading of all files showed. */
export interface Surveyed {
  readonly sorted: readonly SortedFile[];
  /** Why files are lost or truncated, by file. */
  readonly problems: readonly string[];
}

/** Progress; each file is read twice. */
export interface Reading {
  bytesRead: number;
  size: number | undefined;
}

/**
 * Reads the files to see whether each is sorted; returns `undefined` as soon as one is not sorted or cannot be
 * read twice. A signal ends reading: files that were not read by then are lost.
 */
export async function surveyFiles(shards: readonly Shard[], reading: Reading): Promise<Surveyed | undefined> {
  const surveyor = new SortedSurveyor();
  const sorted: SortedFile[] = [];
  const problems: string[] = [];
  let signal: NodeJS.Signals | undefined;
  const release = onFirstSignal((received) => (signal = received));
  try {
    for (const shard of shards) {
      // let signals be handled between two files
      await setImmediate();
      if (signal !== undefined) {
        problems.push(`${forTerminal(shard.file)}: ${signal} ended reading before it`);
        continue;
      }
      const found = surveyFile(shard, surveyor, reading);
      if (found === undefined) return undefined;
      if (typeof found === 'string') problems.push(found);
      else {
        sorted.push(found);
        if (found.survey.isCut) problems.push(cut(shard.file));
      }
    }
  } finally {
    release();
  }
  return { sorted, problems };
}

/** Why a file is truncated if its last line has no line feed. */
export function cut(file: string): string {
  return `${forTerminal(file)} breaks off within its last line`;
}

/** Why an empty file is lost. */
export function empty(file: string): string {
  return `${forTerminal(file)} is lost: it is empty`;
}

function surveyFile(
  shard: Shard,
  surveyor: SortedSurveyor,
  reading: Reading,
): SortedFile | string | undefined {
  const { file } = shard;
  if (file === '-') return undefined;
  let descriptor: number;
  try {
    descriptor = openSync(pathOf(file), 'r');
  } catch (error) {
    return `${forTerminal(file)} is lost: ${reasonNotOpened(error)}`;
  }
  try {
    const stats = fstatSync(descriptor, { bigint: true });
    if (!stats.isFile()) return undefined;
    if (stats.size === 0n) return empty(file);
    const survey = surveyor.survey(sourceOf(file, descriptor, reading));
    return survey.isSorted ? { shard, survey, root: rootOf(shard, survey.firstFacts), stats } : undefined;
  } finally {
    closeSync(descriptor);
  }
}

function sourceOf(file: string, descriptor: number, reading: Reading): TextSource {
  return {
    read(into) {
      try {
        const length = readSync(descriptor, into, 0, into.length, null);
        reading.bytesRead += length / 2;
        keepHeapSmall(reading.bytesRead);
        return length;
      } catch (error) {
        throw new CliError(Exit.IO, `cannot read ${forTerminal(file)}: ${(error as Error).message}`, error);
      }
    },
  };
}

/** A text to merge: a file, or several that have been merged. */
interface Text {
  open(): { readonly source: TextSource; close(): void };
}

/** Where the results of merge rounds are kept, and how many files may be open at once. */
export interface Rounds {
  readonly tmpdir: string | Uint8Array | undefined;
  readonly openFiles: number;
}

/** How many files are open besides those being merged. */
const OTHER_FILES = 48;
/** The buffers of more files would take more memory than another round. */
const MOST_AT_ONCE = 1024;
const FEWEST_AT_ONCE = 2;

/** How many files this process may merge at once. */
export function openFilesAtOnce(): number {
  try {
    const [, limit] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    if (limit !== undefined)
      return Math.max(FEWEST_AT_ONCE, Math.min(MOST_AT_ONCE, Number(limit) - OTHER_FILES));
  } catch {
    // the system does not say
  }
  return 128;
}

/**
 * Merges sorted files, separately for each root. Yields lines in pieces; a piece is valid only until the next one
 * is requested.
 */
export function* mergeSortedFiles(
  files: readonly SortedFile[],
  rounds: Rounds,
  reading: Reading,
  count: (distinct: number) => void,
): Generator<Uint8Array> {
  const roots = [...new Set(files.map(({ root }) => root))];
  for (const root of roots.toSorted((a = '', b = '') => compareNames(a, b))) {
    const texts = files.filter((file) => file.root === root).map((file) => textOf(file, reading));
    const file = new TemporaryFile(rounds.tmpdir);
    try {
      const fewer = inRounds(texts, rounds.openFiles, file);
      count((yield* merged(fewer, root)).distinct);
    } finally {
      file.remove();
    }
  }
}

/** At most as many texts as may be open at once. If there are more, as few as possible are merged into a temporary file. */
function inRounds(texts: readonly Text[], openFiles: number, file: TemporaryFile): readonly Text[] {
  const waiting = [...texts];
  while (waiting.length > openFiles) {
    const some = waiting.splice(0, Math.min(openFiles, waiting.length - openFiles + 1));
    waiting.push(file.append(some));
  }
  return waiting;
}

/** Holds the results of all rounds, one after the other, in a single file. */
class TemporaryFile {
  readonly #tmpdir: string | Uint8Array | undefined;
  #file: SpillFile | undefined;
  #written = 0;

  constructor(tmpdir: string | Uint8Array | undefined) {
    this.#tmpdir = tmpdir;
  }

  /** Merges texts into one. */
  append(texts: readonly Text[]): Text {
    const file = (this.#file ??= spillFiles(this.#tmpdir).create());
    const begin = this.#written;
    for (const piece of merged(texts, undefined)) {
      file.write(piece);
      this.#written += piece.length;
    }
    const end = this.#written;
    return {
      open() {
        let at = begin;
        const read = (into: Uint8Array): number => {
          const bytes = file.read(into.subarray(0, Math.min(into.length, end - at)), at);
          at += bytes;
          return bytes;
        };
        return { source: { read }, close: () => undefined };
      },
    };
  }

  remove(): void {
    this.#file?.remove();
  }
}

/** Bytes of the read buffers of all texts together, and the minimum for one text. */
const BUFFERS = 1 << 24;
const LEAST_BUFFER = 1 << 13;
const MOST_BUFFER = 1 << 17;

function* merged(texts: readonly Text[], root: string | undefined): Generator<Uint8Array, SortedMerge> {
  const open: ReturnType<Text['open']>[] = [];
  try {
    for (const text of texts) open.push(text.open());
    const share = Math.floor(BUFFERS / texts.length);
    const buffer = Math.max(LEAST_BUFFER, Math.min(MOST_BUFFER, share));
    const sources = open.map(({ source }) => source);
    const merge = new SortedMerge(sources, { buffer, ...(root !== undefined && { root }) });
    yield* merge.lines();
    return merge;
  } finally {
    for (const each of open) each.close();
  }
}

function textOf({ shard: { file }, stats }: SortedFile, reading: Reading): Text {
  return {
    open() {
      const descriptor = openSync(pathOf(file), 'r');
      const refuseChange = (): void => {
        const now = fstatSync(descriptor, { bigint: true });
        if (now.ino === stats.ino && now.size === stats.size && now.mtimeNs === stats.mtimeNs) return;
        throw new CliError(
          Exit.IO,
          `${forTerminal(file)} was written to while it was read; merge again when it is whole`,
        );
      };
      const source = sourceOf(file, descriptor, reading);
      refuseChange();
      return {
        source: {
          read(into) {
            const length = source.read(into);
            if (length === 0) refuseChange();
            return length;
          },
        },
        close: () => closeSync(descriptor),
      };
    },
  };
}
