import { readFileSync } from 'node:fs';
import { compareNames } from '@stapflame/stacks';
import { byRoot, merged, TemporaryTexts, type RootedText, type Text } from './texts.ts';

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
 * Merges sorted texts, separately for each root. Yields lines in pieces; a piece is valid only until the next one is
 * requested.
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

/** At most as many texts as may be open at once. If there are more, as few as possible are merged into a temporary file. */
function inRounds(texts: readonly Text[], openFiles: number, rounds: TemporaryTexts): readonly Text[] {
  const waiting = [...texts];
  while (waiting.length > openFiles) {
    const some = waiting.splice(0, Math.min(openFiles, waiting.length - openFiles + 1));
    waiting.push(rounds.append(some));
  }
  return waiting;
}
