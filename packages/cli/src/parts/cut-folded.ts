import { fstatSync, readSync } from 'node:fs';
import { FOLDED, recognise } from '../inputs/table.ts';
import { packingOf } from '../io/unpack.ts';
import type { Range } from './ranges.ts';
import type { CutFile, Cutter } from './shares.ts';

/** Splits folded text between lines. */
export const FOLDED_CUTTER: Cutter<CutFile> = {
  open: (_, __, head) => (packingOf(head) === undefined && isFolded(head) ? {} : undefined),
  rangesOf: ({ descriptor }, places) => rangesOf(descriptor, places),
  headerOf: () => '',
};

/** Whether a file's first bytes look like folded text. A file of unknown kind is treated as folded text. */
export function isFolded(head: Uint8Array): boolean {
  return (recognise(head) ?? FOLDED) === FOLDED;
}

function rangesOf(descriptor: number, places: readonly number[]): readonly Range[] {
  const { size } = fstatSync(descriptor);
  const cuts = [0];
  for (const place of places) {
    const cut = lineAfter(descriptor, Math.floor(place));
    if (cut !== undefined && cut > cuts.at(-1)! && cut < size) cuts.push(cut);
  }
  return cuts.map((from, i) => ({ from, to: cuts[i + 1] ?? size }));
}

const WINDOW = 1 << 16;
const LINE_FEED = 0x0a;
/** A byte order mark. At the start of a file, it is not part of the first line. */
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Returns the offset of the next line that does not start with a byte order mark. */
function lineAfter(descriptor: number, place: number): number | undefined {
  const window = Buffer.alloc(WINDOW);
  for (let at = place; ;) {
    const length = readSync(descriptor, window, 0, WINDOW, at);
    if (length === 0) return undefined;
    const end = window.subarray(0, length).indexOf(LINE_FEED);
    at += end < 0 ? length : end + 1;
    if (end >= 0 && !beginsWithMark(descriptor, at)) return at;
  }
}

function beginsWithMark(descriptor: number, at: number): boolean {
  const head = Buffer.alloc(BYTE_ORDER_MARK.length);
  readSync(descriptor, head, 0, head.length, at);
  return head.equals(BYTE_ORDER_MARK);
}
