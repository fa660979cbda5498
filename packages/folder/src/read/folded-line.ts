/**
 * One line of folded text, `root;…;leaf COUNT` or `root;…;leaf COUNT1 COUNT2`, as bytes. The counts are found
 * from the end, so that names may hold blanks.
 */

const SPACE = 0x20;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

const decoder = new TextDecoder();

/** What {@link readFoldedLine} found; one object that is used again for each line. */
export interface FoldedLine {
  /** End of the stack, which begins with the line. */
  stackTo: number;
  first: number;
  /** The second count, where there are two. */
  second: number | undefined;
}

/** Reads the line `bytes[from … end)` into `line`; `false` where it is no stack. */
export function readFoldedLine(bytes: Uint8Array, from: number, end: number, line: FoldedLine): boolean {
  const last = trimEnd(bytes, from, end);
  const countFrom = startOfCount(bytes, from, last);
  if (countFrom < 0) return false;
  const to = trimEnd(bytes, from, countFrom);
  if (to === from) return false;
  const count = readCount(bytes, countFrom, last);
  const firstFrom = startOfCount(bytes, from, to);
  const firstTo = firstFrom < 0 ? from : trimEnd(bytes, from, firstFrom);
  // a stack that is a number: `42 7`
  if (firstTo === from) {
    line.stackTo = to;
    line.first = count;
    line.second = undefined;
  } else {
    line.stackTo = firstTo;
    line.first = readCount(bytes, firstFrom, to);
    line.second = count;
  }
  return true;
}

function readCount(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!;
    if (byte === DOT) return Number(decoder.decode(bytes.subarray(from, to)));
    value = value * 10 + (byte - ZERO);
  }
  return value;
}

/** End without blanks and carriage returns. */
export function trimEnd(bytes: Uint8Array, from: number, to: number): number {
  let end = to;
  while (end > from && isBlank(bytes[end - 1]!)) end--;
  return end;
}

/** Where the decimal number that ends at `to` begins, after a blank; −1 where there is none. */
function startOfCount(bytes: Uint8Array, from: number, to: number): number {
  let at = to - 1;
  let dot = -1;
  for (; at > from; at--) {
    const byte = bytes[at]!;
    if (byte >= ZERO && byte <= NINE) continue;
    if (byte !== DOT || dot >= 0 || at === to - 1) break;
    dot = at;
  }
  const isCount = at >= from && at < to - 1 && isBlank(bytes[at]!) && dot !== at + 1;
  return isCount ? at + 1 : -1;
}

/** Space, tab and the line ends. */
function isBlank(byte: number): boolean {
  return byte === SPACE || (byte >= 0x09 && byte <= 0x0d);
}
