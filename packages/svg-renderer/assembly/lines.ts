/**
 * Stacks in any order, as long as they are not much text: they stay in the input where they were read, and are
 * sorted at the end and walked in order. Nothing is looked up for their frames, and only the names of what is
 * drawn are kept: 20 MB of 20,000 stacks take 0.11 s where the tree takes 0.18 (medians of 10, in turn).
 *
 *     line   { stack in the input, its length, weight f64, change f64 }
 *     order  two lists of { line, bytes in common with the one before }, merged from one into the other
 */
import { findByte, sameBytes } from './bytes';
import { INPUT, LINES, ORDER, base, reserve } from './memory';
import { DONE, NO_MEMORY, addInOrder } from './stack';
import { addToTree } from './tree';

const LINE: u32 = 24;
const ENTRY: u32 = 8;
const SEMICOLON: u8 = 0x3b;
/** Most text and most lines that are kept; a tree holds more only where stacks repeat. */
const MAX_TEXT: u32 = 1 << 25;
const MAX_LINES: u32 = 1 << 19;

let count: u32 = 0;

// @ts-expect-error: a decorator of AssemblyScript
@inline
function lineAt(index: u32): usize {
  return base(LINES) + <usize>index * LINE;
}

/** Whether the input, so long by now, is too much to be kept. */
export function isTooMuch(inputLength: u32): bool {
  return inputLength > MAX_TEXT || count == MAX_LINES;
}

export function keepLine(stack: u32, length: u32, weight: f64, change: f64): i32 {
  if (!reserve(LINES, (count + 1) * LINE)) return NO_MEMORY;
  const line = lineAt(count++);
  store<u32>(line, stack);
  store<u32>(line, length, 4);
  store<f64>(line, weight, 8);
  store<f64>(line, change, 16);
  return DONE;
}

/** Puts what was kept into the tree. */
export function moveToTree(): i32 {
  for (let index: u32 = 0; index < count; index++) {
    const line = lineAt(index);
    const stop = addToTree(load<u32>(line), load<u32>(line, 4), load<f64>(line, 8), load<f64>(line, 16));
    if (stop != DONE) return stop;
  }
  count = 0;
  return DONE;
}

/** Walks what was kept in order. Weights of equal stacks are added up first, as they came: decimals are exact to the bit. */
export function walkLines(): bool {
  if (!reserve(ORDER, count * ENTRY * 2)) return false;
  // walking makes regions larger, which moves the list
  const order = sorted() - base(ORDER);
  let at: u32 = 0;
  while (at < count) {
    const line = lineOf(order, at);
    const length = load<u32>(line, 4);
    let weight = load<f64>(line, 8);
    let change = load<f64>(line, 16);
    for (at++; at < count && sameOf(order, at) == length; at++) {
      const other = lineOf(order, at);
      if (load<u32>(other, 4) != length) break;
      weight += load<f64>(other, 8);
      change += load<f64>(other, 16);
    }
    if (addInOrder(load<u32>(line), length, weight, change, false) != DONE) return false;
  }
  return true;
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function lineOf(order: usize, at: u32): usize {
  return lineAt(load<u32>(base(ORDER) + order + <usize>at * ENTRY));
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function sameOf(order: usize, at: u32): u32 {
  return load<u32>(base(ORDER) + order + <usize>at * ENTRY, 4);
}

/** The list of lines in order. Merges runs, from one line up; equal stacks stay as they came. */
function sorted(): usize {
  let from = base(ORDER);
  let to = from + <usize>count * ENTRY;
  for (let index: u32 = 0; index < count; index++) {
    store<u32>(from + index * ENTRY, index);
    store<u32>(from + index * ENTRY, 0, 4);
  }
  for (let width: u32 = 1; width < count; width *= 2) {
    for (let low: u32 = 0; low < count; low += width * 2) {
      const middle = min(low + width, count);
      const high = min(low + width * 2, count);
      mergeRuns(from + low * ENTRY, from + middle * ENTRY, from + high * ENTRY, to + low * ENTRY);
    }
    const swap = from;
    from = to;
    to = swap;
  }
  return from;
}

/**
 * Merges the runs [left … middle) and [middle … end). Of two stacks that both come after the last one taken, the one
 * that has more in common with it comes first; only where both have equally much are their bytes looked at, and
 * from there on.
 */
function mergeRuns(left: usize, middle: usize, end: usize, to: usize): void {
  let right = middle;
  let leftSame: u32 = 0;
  let rightSame: u32 = 0;
  while (left < middle && right < end) {
    let takeLeft = leftSame > rightSame;
    let same = min(leftSame, rightSame);
    if (leftSame == rightSame) {
      const a = lineAt(load<u32>(left));
      const b = lineAt(load<u32>(right));
      same = inCommon(a, b, leftSame);
      takeLeft = !isBefore(b, a, same);
    }
    if (takeLeft) {
      take(left, leftSame, to);
      left += ENTRY;
      rightSame = same;
      leftSame = load<u32>(left, 4);
    } else {
      take(right, rightSame, to);
      right += ENTRY;
      leftSame = same;
      rightSame = load<u32>(right, 4);
    }
    to += ENTRY;
  }
  if (left < middle) takeRest(left, leftSame, middle, to);
  else if (right < end) takeRest(right, rightSame, end, to);
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function take(entry: usize, same: u32, to: usize): void {
  store<u32>(to, load<u32>(entry));
  store<u32>(to, same, 4);
}

function takeRest(from: usize, same: u32, end: usize, to: usize): void {
  memory.copy(to, from, end - from);
  store<u32>(to, same, 4);
}

/** Bytes that the stacks of two lines have in common, of which so many are known. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function inCommon(a: usize, b: usize, known: u32): u32 {
  const input = base(INPUT) + known;
  const most = min(load<u32>(a, 4), load<u32>(b, 4)) - known;
  return known + sameBytes(input + load<u32>(a), input + load<u32>(b), most);
}

/** Frame by frame: what ends first comes first, be it a stack or a name. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function isBefore(a: usize, b: usize, same: u32): bool {
  if (same == load<u32>(b, 4)) return false;
  if (same == load<u32>(a, 4)) return true;
  const input = base(INPUT) + same;
  const left = load<u8>(input + load<u32>(a));
  const right = load<u8>(input + load<u32>(b));
  return right != SEMICOLON && (left == SEMICOLON || left < right);
}
