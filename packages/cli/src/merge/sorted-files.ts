import { readFileSync } from 'node:fs';
import { compareNames } from '@stapflame/stacks';
import { byRoot, merged, TemporaryTexts, type RootedText, type Text } from './texts.ts';

/** Options for merging in several rounds, if there are more files than may be open at the same time. */
export interface Rounds {
  readonly tmpdir: string | Uint8Array | undefined;
  readonly openFiles: number;
}

/** Number of open files to allow for in addition to those being merged. */
const OTHER_FILES = 48;
/**
 * Maximum number of files to merge at the same time. With more files, the buffers would need more memory than another
 * round of merging.
 */
const MOST_AT_ONCE = 1024;
const FEWEST_AT_ONCE = 2;

/** Returns the number of files that this process may merge at the same time. */
export function openFilesAtOnce(): number {
  try {
    const [, limit] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    if (limit !== undefined)
      return Math.max(FEWEST_AT_ONCE, Math.min(MOST_AT_ONCE, Number(limit) - OTHER_FILES));
  } catch {
    // The system does not report the limit.
  }
  return 128;
}

/**
 * Merges sorted inputs, separately for each root frame. Yields chunks of complete lines. A chunk is valid only until
 * the next one is requested.
 */
export function* mergeSortedTexts(
  texts: readonly RootedText[],
  { tmpdir, openFiles }: Rounds,
  count: (distinct: number) => void,
): Generator<Uint8Array> {
  const groups = [...byRoot(texts)].toSorted(([a = ''], [b = '']) => compareNames(a, b));
  for (const [root, group] of groups) {
    const rounds = new TemporaryTexts(tmpdir);
    try {
      const fewer = inRounds(group, openFiles, rounds);
      count((yield* merged(fewer, root)).distinct);
    } finally {
      rounds.remove();
    }
  }
}

/** Reduces the number of inputs to `openFiles`, by merging as few inputs as possible into a temporary file. */
function inRounds(texts: readonly Text[], openFiles: number, rounds: TemporaryTexts): readonly Text[] {
  const waiting = [...texts];
  while (waiting.length > openFiles) {
    const some = waiting.splice(0, Math.min(openFiles, waiting.length - openFiles + 1));
    waiting.push(rounds.append(some));
  }
  return waiting;
}
