/**
 * Folded text to boxes in WebAssembly, with SIMD. It does what `FoldedLines`, `StackTree`, `StacksInOrder` and
 * `BoxCollector` in `src/` do, which are the ones to read first; a test compares the two on random input. Only
 * `lines.ts` has no twin there: it gives what the tree gives.
 */
import { boxCount, configureBoxes, distinct, dropped, expectTotal, internNames, total, writeColumns } from './boxes';
import { findByte, isBlank, isDigit } from './bytes';
import { isTooMuch, keepLine, moveToTree, walkLines } from './lines';
import { COLUMNS, INPUT, base, capacity, layOut, reserve } from './memory';
import { nameCount, nameLength, nameText } from './names';
import { DONE, NO_MEMORY, addInOrder, closeAll, last, lastLength, moveLast } from './stack';
import { LEFT_OUT, addToTree, configureTree, walkTree } from './tree';

/** Number of a count that is decimal, or too long to be exact here. */
// @ts-expect-error: a decorator of AssemblyScript
@external('env', 'decimal')
declare function decimal(at: usize, length: u32): f64;

// as in src/tree/wasm.ts
const STOP_INPUT: i32 = 0;
const STOP_OTHER: i32 = 10;
const STOP_LONG_LINE: i32 = 11;
const STOP_SUM: i32 = 12;
const MAX_SUM: f64 = 9007199254740991;
/** More digits may not fit a number exactly. */
const EXACT_DIGITS: u32 = 15;
const MODE_SORTED: i32 = 0;
const MODE_TREE: i32 = 2;
/** In any order, as long as the input is small. */
const MODE_LINES: i32 = 3;
const LINE_FEED: u8 = 10;

let mode: i32 = 0;
let maxLine: u32 = 0;
// offsets in INPUT: the line that is read, its end once it is known, up to where there is no line feed, the end
let start: u32 = 0;
let lineEnd: u32 = 0;
let searched: u32 = 0;
let end: u32 = 0;
let line: f64 = 0;
let stacks: f64 = 0;
let weightSum: f64 = 0;
/** All counts are whole numbers, whose sums are exact. */
let isWhole: bool = true;

/** The bytes of the base's name, if there is one, have been written to `spaceAt()`. */
export function begin(): bool {
  return layOut();
}
export function configure(
  order: i32,
  least: f64,
  whole: f64,
  maxDepth: u32,
  maxLineLength: u32,
  maxFrames: u32,
  reverse: bool,
  baseLength: u32,
): bool {
  maxLine = maxLineLength;
  mode = order == MODE_TREE && !reverse && baseLength == 0 ? MODE_LINES : order;
  configureBoxes(least, whole, maxDepth);
  return configureTree(maxFrames, reverse, baseLength);
}

/** Room for so many bytes, or more; the stack before and what is not yet read move to the front, unless lines are kept. */
export function makeSpace(bytes: u32): bool {
  if (mode != MODE_LINES && (last > 0 || start > lastLength)) {
    const input = base(INPUT);
    memory.copy(input, input + last, lastLength);
    memory.copy(input + lastLength, input + start, end - start);
    moveLast(0);
    const moved = start - lastLength;
    start -= moved;
    searched -= moved;
    end -= moved;
  }
  return reserve(INPUT, end + bytes);
}
export function spaceAt(): usize {
  return base(INPUT) + end;
}
export function spaceLength(): u32 {
  return capacity(INPUT) - end;
}
export function advance(length: u32): void {
  end += length;
}

/** Reads the lines that are whole. */
export function scan(): i32 {
  for (;;) {
    const input = base(INPUT);
    lineEnd = <u32>(findByte(LINE_FEED, input + searched, input + end) - input);
    searched = lineEnd;
    if (lineEnd == end) return end - start > maxLine ? STOP_LONG_LINE : STOP_INPUT;
    if (lineEnd - start > maxLine) return STOP_LONG_LINE;
    line++;
    const from = start;
    start = searched = lineEnd + 1;
    let stop = keepsTooMuch() ? moveToTree() : DONE;
    if (stop != DONE) return stop;
    stop = readLine(from, lineEnd);
    if (stop != DONE) return stop;
  }
  return DONE; // not reached
}

// a line that is no stack, without the blanks at its end
let otherFrom: u32 = 0;
let otherTo: u32 = 0;

/** `name;name name;name 12 34`: the counts are found from the end, so that names may hold spaces. */
function readLine(from: u32, lineTo: u32): i32 {
  const to = trimEnd(from, lineTo);
  const countFrom = startOfCount(from, to);
  const stackTo: u32 = countFrom == 0 ? from : trimEnd(from, countFrom);
  if (stackTo <= from || load<u16>(base(INPUT) + from) == 0x2023) {
    // '# '
    otherFrom = from;
    otherTo = to;
    return STOP_OTHER;
  }
  const weight = number(countFrom, to);
  let namesTo = stackTo;
  let change: f64 = 0;
  if (isDigit(load<u8>(base(INPUT) + stackTo - 1))) {
    const firstFrom = startOfCount(from, stackTo);
    const firstTo = firstFrom == 0 ? from : trimEnd(from, firstFrom);
    if (firstTo > from) {
      namesTo = firstTo;
      change = weight - number(firstFrom, stackTo);
    }
  }
  const length = namesTo - from;
  const stop = addStack(from, length, weight, change);
  if (stop == LEFT_OUT) return DONE;
  if (stop != DONE) return stop;
  stacks++;
  weightSum += weight;
  return weightSum > MAX_SUM ? STOP_SUM : DONE;
}

/** Whether lines were kept until now, and the input has become too large for it: comments count, too. */
function keepsTooMuch(): bool {
  if (mode != MODE_LINES || !isTooMuch(lineEnd)) return false;
  mode = MODE_TREE;
  return true;
}

function addStack(from: u32, length: u32, weight: f64, change: f64): i32 {
  if (mode == MODE_LINES) return keepLine(from, length, weight, change);
  if (mode == MODE_TREE) return addToTree(from, length, weight, change);
  return addInOrder(from, length, weight, change, mode == MODE_SORTED);
}

/** End without blanks and carriage returns. */
function trimEnd(from: u32, to: u32): u32 {
  const input = base(INPUT);
  while (to > from && isBlank(load<u8>(input + to - 1))) to--;
  return to;
}

/** Where the decimal number that ends at `to` begins, after a blank; 0 where there is none. */
function startOfCount(from: u32, to: u32): u32 {
  const input = base(INPUT);
  let at = to;
  let dot: u32 = 0;
  while (at > from) {
    const byte = load<u8>(input + at - 1);
    if (!isDigit(byte)) {
      if (byte != 0x2e || dot != 0 || at == to) break;
      dot = at;
    }
    at--;
  }
  // `at` is the first digit, or the dot
  if (at <= from || at == to || dot == at + 1) return 0;
  return isBlank(load<u8>(input + at - 1)) ? at : 0;
}

function number(from: u32, to: u32): f64 {
  const input = base(INPUT);
  if (to - from > EXACT_DIGITS) return inexact(input + from, to - from);
  let value: u64 = 0;
  for (let at = from; at < to; at++) {
    const byte = load<u8>(input + at);
    if (!isDigit(byte)) return inexact(input + from, to - from);
    value = value * 10 + (byte - 48);
  }
  return <f64>value;
}

function inexact(at: usize, length: u32): f64 {
  isWhole = false;
  return decimal(at, length);
}

/** Leaves the boxes in columns at `columnsAt()`. */
export function finish(): i32 {
  // sums of decimals are known only when they are added up in order
  if (mode == MODE_LINES && isWhole) expectTotal(weightSum);
  const done =
    mode == MODE_TREE ? walkTree(weightSum, isWhole) : (mode != MODE_LINES || walkLines()) && closeAll() && internNames();
  return done && writeColumns() ? DONE : NO_MEMORY;
}

export function otherAt(): usize {
  return base(INPUT) + otherFrom;
}
export function otherLength(): u32 {
  return otherTo - otherFrom;
}
export function lineNumber(): f64 {
  return line;
}
export function stackCount(): f64 {
  return stacks;
}
export function distinctCount(): f64 {
  return distinct;
}
export function weight(): f64 {
  return weightSum;
}
export function columnsAt(): usize {
  return base(COLUMNS);
}
export function boxesLength(): u32 {
  return boxCount;
}
export function totalWeight(): f64 {
  return total;
}
export function droppedCount(): f64 {
  return dropped;
}
export { nameCount, nameText, nameLength };
