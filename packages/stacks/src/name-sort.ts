/** Numbered names. The bytes of name `n` are `bytes[starts[n] … starts[n + 1] − 1]`. */
export interface NameBytes {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
}

/** For fewer names than this, insertion sort is faster than partitioning. */
const SMALL = 12;
/** Number of bytes compared at a time. */
const KEY_BYTES = 3;
/**
 * The base in which bytes are packed into a number. Digit 0 marks the end of a name, so a name comes before longer
 * names that begin with it.
 */
const BASE = 257;

/**
 * Sorts the numbers of distinct names in place, in the order of the names' bytes. This is a multikey quicksort that
 * compares three bytes at a time. Sorting the array with a comparison function instead would copy the numbers to the
 * heap twice, which takes 16 MB for a million names.
 */
export function sortNames(numbers: Uint32Array, names: NameBytes): void {
  // the ranges to sort are kept in a list, because recursion would be as deep as the longest name
  const ranges = [0, numbers.length, 0];
  while (ranges.length > 0) {
    const depth = ranges.pop()!;
    const to = ranges.pop()!;
    const from = ranges.pop()!;
    if (to - from < SMALL) insert(numbers, from, to, depth, names);
    else split(numbers, from, to, depth, names, ranges);
  }
}

/**
 * Partitions a range by the bytes at this depth into names below, at and above a pivot, and adds the parts to `ranges`.
 */
function split(
  numbers: Uint32Array,
  from: number,
  to: number,
  depth: number,
  names: NameBytes,
  ranges: number[],
): void {
  // the pivot is random, so that nobody can construct names that take quadratic time to sort
  const pivot = keyOf(numbers[from + Math.floor(Math.random() * (to - from))]!, depth, names);
  let low = from;
  let high = to;
  for (let i = from; i < high;) {
    const key = keyOf(numbers[i]!, depth, names);
    if (key < pivot) swap(numbers, low++, i++);
    else if (key > pivot) swap(numbers, i, --high);
    else i++;
  }
  ranges.push(from, low, depth, high, to, depth);
  // names that match the pivot and end within the compared bytes are equal, so they need no further sorting
  if (pivot % BASE !== 0) ranges.push(low, high, depth + KEY_BYTES);
}

function insert(numbers: Uint32Array, from: number, to: number, depth: number, names: NameBytes): void {
  for (let i = from + 1; i < to; i++) {
    const number = numbers[i]!;
    let j = i;
    for (; j > from && isLess(number, numbers[j - 1]!, depth, names); j--) numbers[j] = numbers[j - 1]!;
    numbers[j] = number;
  }
}

function isLess(a: number, b: number, depth: number, names: NameBytes): boolean {
  for (let at = depth; ; at += KEY_BYTES) {
    const keyA = keyOf(a, at, names);
    const keyB = keyOf(b, at, names);
    if (keyA !== keyB) return keyA < keyB;
    if (keyA % BASE === 0) return false;
  }
}

/** Returns a name's next bytes, packed into one number. */
function keyOf(number: number, depth: number, { bytes, starts }: NameBytes): number {
  const end = starts[number + 1]!;
  let at = starts[number]! + depth;
  let key = 0;
  for (let i = 0; i < KEY_BYTES; i++, at++) key = key * BASE + (at < end ? bytes[at]! + 1 : 0);
  return key;
}

function swap(numbers: Uint32Array, i: number, j: number): void {
  const number = numbers[i]!;
  numbers[i] = numbers[j]!;
  numbers[j] = number;
}
