/**
 * Reads folded text into columns of stacks, in WebAssembly with SIMD. It works like `src/folded/plain-scanner.ts`, so
 * read that file first. A test compares the two scanners on random input.
 */
import { findByte, isBlank, isDigit } from './bytes';
import { addStack, clearColumns, frameCount, stackCount } from './columns';
import { BOUNDS, FIRST, FRAMES, INPUT, NAMES, SCRATCH, SECOND, TEXT, base, capacity, layOut, reserve } from './memory';
import { FAILED, forgetNames, intern, nameCount, seedNames, textLength } from './names';
import { forgetStack, last, lastLength, moveStack, readStack } from './stack';

/** Returns a count's value, or NaN if it is too large. Called for counts that this module cannot read exactly. */
// @ts-expect-error: an AssemblyScript decorator
@external('env', 'decimal')
declare function decimal(at: usize, length: u32): f64;

// these values must be the same as in src/folded/scanner.ts
const STOP_INPUT: i32 = 0;
const STOP_OTHER: i32 = 1;
const STOP_FULL: i32 = 2;
const STOP_LONG_LINE: i32 = 3;
const STOP_NO_MEMORY: i32 = 4;
const READ: i32 = -1;
/** A number with more digits than this may not be exactly representable as a double. */
const EXACT_DIGITS: u32 = 15;
const LINE_FEED: u8 = 10;
const DOT: u8 = 0x2e;
const UNDERSCORE: u8 = 0x5f;
const PLUS: u8 = 0x2b;
const MINUS: u8 = 0x2d;
const LETTER_E: u8 = 0x65;
const LOWER_CASE: u8 = 0x20;

let maxLine: u32 = 0;
let maxFrames: u32 = 0;
// offsets in INPUT: start of the current line, end of the part searched for its line feed, end of the input
let start: u32 = 0;
let searched: u32 = 0;
let end: u32 = 0;
let atStart: bool = true;
let lines: f64 = 0;
let pairs: bool = false;

/** Prepares an empty scanner. Returns `false` if there is not enough memory. */
export function begin(random: f64, longestLine: u32, framesAtOnce: u32): bool {
  seedNames(reinterpret<u64>(random));
  maxLine = longestLine;
  maxFrames = framesAtOnce;
  return layOut();
}

/** Makes room for at least this many bytes. Moves the last stack and the unread bytes to the front. */
export function makeSpace(bytes: u32): bool {
  if (last > 0 || start > lastLength) {
    const input = base(INPUT);
    memory.copy(input, input + last, lastLength);
    memory.copy(input + lastLength, input + start, end - start);
    moveStack(0);
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
export function advance(length: u32): void {
  end += length;
}
/** Number of bytes after the last line end. */
export function pending(): u32 {
  return end - start;
}
/** Treats the next line as the start of another input. */
export function restart(): void {
  atStart = true;
}

/** Reads complete lines until it must stop. */
export function scan(): i32 {
  for (;;) {
    if (frameCount >= maxFrames) return STOP_FULL;
    const input = base(INPUT);
    const lineEnd = <u32>(findByte(LINE_FEED, input + searched, input + end) - input);
    searched = lineEnd;
    if (lineEnd - start > maxLine) return STOP_LONG_LINE;
    if (lineEnd == end) return STOP_INPUT;
    let from = start;
    start = searched = lineEnd + 1;
    lines++;
    if (atStart) {
      atStart = false;
      if (lineEnd - from >= 3 && (load<u32>(input + from) & 0xffffff) == 0xbfbbef) from += 3;
    }
    const stop = readLine(from, lineEnd);
    if (stop != READ) return stop;
  }
  return STOP_INPUT; // not reached
}

// the start and end of the last line that was not read as a stack, without trailing blanks
let otherFrom: u32 = 0;
let otherTo: u32 = 0;

/** Reads a line such as `name;name name;name 12 34` from its end, because names may contain blanks. */
function readLine(from: u32, lineTo: u32): i32 {
  const to = trimEnd(from, lineTo);
  otherFrom = from;
  otherTo = to;
  let secondFrom = startOfCount(from, to);
  if (secondFrom == 0) secondFrom = startOfExponential(from, to);
  if (secondFrom == 0 || load<u16>(base(INPUT) + from) == 0x2023) return STOP_OTHER; // '# '
  let stackTo = trimEnd(from, secondFrom);
  if (stackTo == from) return STOP_OTHER;
  const second = valueOf(secondFrom, to);
  let first = second;
  let isPair = false;
  const firstFrom: u32 = isCountEnd(load<u8>(base(INPUT) + stackTo - 1)) ? startOfCount(from, stackTo) : 0;
  const firstTo: u32 = firstFrom == 0 ? from : trimEnd(from, firstFrom);
  // if nothing precedes the first number, it is the stack, as in `42 7`
  if (firstTo > from) {
    first = valueOf(firstFrom, stackTo);
    stackTo = firstTo;
    isPair = true;
    leafOf(from, stackTo);
  }
  if (isNaN(first) || isNaN(second)) return STOP_OTHER;
  if (!readStack(from, stackTo - from) || !addStack(first, second)) return STOP_NO_MEMORY;
  pairs = pairs || isPair;
  return READ;
}

/** Replaces the blank before a number at the end of a leaf with `_`; otherwise, the number would be read as a count. */
function leafOf(from: u32, to: u32): void {
  const number = startOfCount(from, to);
  if (number != 0) store<u8>(base(INPUT) + number - 1, UNDERSCORE);
}

/** Returns the position at which any trailing blanks and carriage returns begin. */
function trimEnd(from: u32, to: u32): u32 {
  const input = base(INPUT);
  while (to > from && isBlank(load<u8>(input + to - 1))) to--;
  return to;
}

// @ts-expect-error: an AssemblyScript decorator
@inline
function isCountEnd(byte: u8): bool {
  return isDigit(byte) || byte == DOT;
}

/** Returns the start of the decimal number (such as `6.`) that ends at `to` and follows a blank, or 0 if none does. */
function startOfCount(from: u32, to: u32): u32 {
  const input = base(INPUT);
  let at = to;
  let dot: u32 = 0;
  while (at > from) {
    const byte = load<u8>(input + at - 1);
    if (!isDigit(byte)) {
      if (byte != DOT || dot != 0) break;
      dot = at;
    }
    at--;
  }
  // `at` is the position of the first digit or the dot
  if (at <= from || at == to || dot == at + 1) return 0;
  return isBlank(load<u8>(input + at - 1)) ? at : 0;
}

/**
 * Like {@link startOfCount}, for a number with an exponent, such as `3e2`. Awk and Python print very large and very small
 * numbers this way.
 */
function startOfExponential(from: u32, to: u32): u32 {
  const input = base(INPUT);
  let at = to;
  while (at > from && isDigit(load<u8>(input + at - 1))) at--;
  if (at == to || at <= from) return 0;
  const sign = load<u8>(input + at - 1);
  if (sign == PLUS || sign == MINUS) at--;
  return at > from && (load<u8>(input + at - 1) | LOWER_CASE) == LETTER_E ? startOfCount(from, at - 1) : 0;
}

function valueOf(from: u32, to: u32): f64 {
  const input = base(INPUT);
  if (to - from > EXACT_DIGITS) return decimal(input + from, to - from);
  let value: u64 = 0;
  for (let at = from; at < to; at++) {
    const byte = load<u8>(input + at);
    if (!isDigit(byte)) return decimal(input + from, to - from);
    value = value * 10 + (byte - 48);
  }
  return <f64>value;
}

export function otherAt(): usize {
  return base(INPUT) + otherFrom;
}
export function otherLength(): u32 {
  return otherTo - otherFrom;
}
export function lineCount(): f64 {
  return lines;
}
export function hasPairs(): bool {
  return pairs;
}

// the columns
export function stacksRead(): u32 {
  return stackCount;
}
export function framesRead(): u32 {
  return frameCount;
}
export function framesAt(): usize {
  return base(FRAMES);
}
export function boundsAt(): usize {
  return base(BOUNDS);
}
export function firstAt(): usize {
  return base(FIRST);
}
export function secondAt(): usize {
  return base(SECOND);
}
export function clear(): void {
  clearColumns();
}

// the names
export function namesRead(): u32 {
  return nameCount;
}
export function namesAt(): usize {
  return base(NAMES);
}
export function textAt(): usize {
  return base(TEXT);
}
export function textBytes(): u32 {
  return textLength;
}
export function scratch(length: u32): usize {
  return reserve(SCRATCH, length) ? base(SCRATCH) : 0;
}
/** Returns the number of the name in `scratch`. */
export function find(length: u32): u32 {
  return length > capacity(SCRATCH) ? FAILED : intern(SCRATCH, 0, length);
}
/** Begins a new, empty name table. */
export function renew(): void {
  forgetNames();
  forgetStack();
}

export { copyTo, linesBase, sameAt, scanLine } from './lines';
