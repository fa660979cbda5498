/**
 * The tokenizer in WebAssembly, with SIMD. It does what `src/tokenizer/reference.ts` does, which is the
 * one to read first; a test compares the two on random input. What is different here is the way to a
 * known line: by a hash of its address, before its end is known (`cache.ts`).
 */
import { cacheLine, cacheSet, earn, findCached, forgetCache, worthAPlace } from './cache';
import { FORM_KERNEL, FORM_TEXT, FORM_USER, addKey, findKey, forgetKeys, hashKey } from './keys';
import { TOKEN_WORDS, growInput, input, inputCapacity, layOut, tokens } from './memory';

// as in src/tokenizer/tokenizer.ts
const STOP_INPUT: i32 = 0;
const STOP_LINE: i32 = 1;
const STOP_LONG_LINE: i32 = 2;
const STOP_TOKENS: i32 = 3;
const SAME_ADDRESS: u32 = 0x40000000;
const TOKEN_COUNT: u32 = 0x80000000;
const TOKEN_OPEN: u32 = 0x80000001;
const TOKEN_CLOSE: u32 = 0x80000002;
const TOKEN_STRAY_CLOSE: u32 = 0x80000003;
const TOKEN_BLANK: u32 = 0x80000004;
const MAX_TOKEN_WORDS: u32 = 4;
const COUNT_DIGITS: u32 = 15;
const OPEN_BYTES: u32 = 64;

let maxLineLength: u32 = 0;
let keepAddresses: bool = false;
let reportBlanks: bool = false;
let count: u32 = 0;

// pointers into the input
let start: usize = 0;
let end: usize = 0;
let searched: usize = 0;
let lineEnd: usize = 0;
let next: usize = 0;
let inLongLine: bool = false;

// the line that was read last
let keyStart: usize = 0;
let hash: u32 = 0;
let form: u32 = FORM_TEXT;
let sameAddress: u32 = 0;

// the last kernel address and the last `#<`, to compare with
let address: v128 = i8x16.splat(0);
let addressValid: bool = false;
const open: usize = memory.data(64);
let openLength: u32 = 0;

export function initialise(lines: u32, longest: u32, addresses: bool, blanks: bool): bool {
  if (!layOut(lines, longest)) return false;
  maxLineLength = longest;
  keepAddresses = addresses;
  reportBlanks = blanks;
  forget();
  restart();
  return true;
}

export function restart(): void {
  start = end = searched = input;
  inLongLine = false;
  addressValid = false;
  openLength = 0;
}

export function forget(): void {
  forgetKeys();
  forgetCache();
}

export function tokensAt(): usize {
  return tokens;
}
export function tokenCount(): u32 {
  return count;
}
export function clearTokens(): void {
  count = 0;
}
export function lineAt(): usize {
  return start;
}
export function lineLength(): u32 {
  return <u32>(lineEnd - start);
}
export function inputAt(): usize {
  return input;
}
export function pending(): u32 {
  return inLongLine ? 1 : <u32>(end - start);
}
export function spaceAt(): usize {
  return end;
}

/** Makes room for input and tells how many bytes the input moved down; −1 where there is no memory. */
export function makeSpace(): i32 {
  const left = <u32>(end - start);
  const moved = <u32>(start - input);
  // Moving no more than was read since the last move keeps the bytes copied linear in the input.
  if (moved > 0 && left <= moved) {
    memory.copy(input, start, left);
    searched -= moved;
    end -= moved;
    start = input;
    return <i32>moved;
  }
  if (input + inputCapacity - end < inputCapacity >> 2 && !growInput(inputCapacity * 2)) return -1;
  return 0;
}

export function spaceLength(): u32 {
  return <u32>(input + inputCapacity - end);
}

export function advance(length: u32): void {
  end += length;
}

export function scan(): i32 {
  if (!inLongLine) {
    const stop = scanCached();
    if (stop == STOP_TOKENS) return stop;
  }
  for (;;) {
    const lineFeed = findLineFeed(searched);
    if (lineFeed == 0) return needInput();
    searched = lineFeed + 1;
    if (inLongLine) {
      inLongLine = false;
      start = searched;
      continue;
    }
    if (count + MAX_TOKEN_WORDS > TOKEN_WORDS) {
      searched = lineFeed;
      return STOP_TOKENS;
    }
    next = searched;
    lineEnd = lineFeed > start && load<u8>(lineFeed - 1) == 13 ? lineFeed - 1 : lineFeed;
    if (<u32>(lineEnd - start) > maxLineLength) return longLine(next);
    if (!readLine()) return STOP_LINE;
    start = next;
    if (scanCached() == STOP_TOKENS) return STOP_TOKENS;
  }
  return STOP_INPUT; // not reached
}

/** Reads known lines with an address and count lines, as long as there is nothing else. */
function scanCached(): i32 {
  let at = start;
  let to = tokens + (<usize>count << 2);
  const full = tokens + (<usize>(TOKEN_WORDS - MAX_TOKEN_WORDS) << 2);
  const limit = end;
  let valid = addressValid;
  let last = address;
  let stop = STOP_LINE;
  let found: i32 = 0;
  while (at + 2 < limit) {
    if (to > full) {
      stop = STOP_TOKENS;
      break;
    }
    if (load<u16>(at) == 0x3020) {
      // ' 0'
      const entry = findCached(cacheSet(at), at, limit);
      if (entry == 0) break;
      let token = load<u32>(entry, 32);
      if (load<u32>(entry, 36) == FORM_KERNEL) {
        const digits = v128.load(at, 3);
        if (valid && i8x16.all_true(i8x16.eq(digits, last))) token |= SAME_ADDRESS;
        last = digits;
        valid = true;
      } else valid = false;
      store<u32>(to, token);
      to += 4;
      at += <usize>load<u32>(entry, 28) + <usize>load<u32>(entry, 24);
      found++;
    } else if (load<u8>(at) == 9) {
      let digit = at + 1;
      let value: u32 = 0;
      // up to nine digits; more, or anything else, is read with care
      while (digit < limit && digit < at + 10) {
        const d = <u32>load<u8>(digit) - 48;
        if (d > 9) break;
        value = value * 10 + d;
        digit++;
      }
      if (digit >= limit || digit == at + 1 || load<u8>(digit) != 10) break;
      at = digit + 1;
      store<u32>(to, TOKEN_COUNT);
      store<u32>(to, value, 4);
      store<u32>(to, 0, 8);
      store<u32>(to, <u32>(at - input), 12);
      to += 16;
      valid = false;
    } else break;
  }
  earn(found);
  start = at;
  if (searched < at) searched = at;
  count = <u32>(to - tokens) >> 2;
  addressValid = valid;
  address = last;
  return stop;
}

/** The next line feed, 0 where there is none before the end of the input. */
function findLineFeed(from: usize): usize {
  const lineFeeds = i8x16.splat(10);
  for (let at = from; at < end; at += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), lineFeeds));
    if (found != 0) {
      const lineFeed = at + <usize>ctz<i32>(found);
      return lineFeed < end ? lineFeed : 0;
    }
  }
  return 0;
}

function needInput(): i32 {
  searched = end;
  if (inLongLine) start = end;
  else if (<u32>(end - start) > maxLineLength + 1) {
    inLongLine = true;
    return longLine(end);
  }
  return STOP_INPUT;
}

function longLine(after: usize): i32 {
  addressValid = false;
  next = after;
  lineEnd = start;
  return STOP_LONG_LINE;
}

function readLine(): bool {
  keyStart = start;
  form = FORM_TEXT;
  sameAddress = 0;
  if (start == lineEnd) {
    if (!reportBlanks) return true;
    addressValid = false;
    emit(TOKEN_BLANK);
    emit(<u32>(next - input));
    return true;
  }
  const first = load<u8>(start);
  if (first == 9) return readCount();
  if (first == 0x23 && readFraming()) return true;
  if (first == 32 && lineEnd - start > 3 && load<u16>(start + 1) == 0x7830) readAddress();
  return lookUp();
}

/** TAB, decimal digits */
function readCount(): bool {
  const from = start + 1;
  if (lineEnd == from || <u32>(lineEnd - from) > COUNT_DIGITS) return false;
  let value: u64 = 0;
  for (let at = from; at < lineEnd; at++) {
    const digit = <u32>load<u8>(at) - 48;
    if (digit > 9) return false;
    value = value * 10 + digit;
  }
  addressValid = false;
  emit(TOKEN_COUNT);
  emit(<u32>value);
  emit(<u32>(value >>> 32));
  emit(<u32>(next - input));
  return true;
}

/** `#< CPU NANOSECONDS`, `#> CPU NANOSECONDS`, `#. NANOSECONDS` */
function readFraming(): bool {
  const from = start + 3;
  if (from >= lineEnd || load<u8>(from - 1) != 32) return false;
  const kind = load<u8>(start + 1);
  const numbers = countNumbers(from);
  if (kind == 0x2e && numbers == 1) return true;
  if (numbers != 2) return false;
  const length = <u32>(lineEnd - from);
  if (kind == 0x3c) {
    memory.copy(open, from, length < OPEN_BYTES ? length : OPEN_BYTES);
    openLength = length;
    emit(TOKEN_OPEN);
    emit(<u32>(start - input));
    return true;
  }
  if (kind != 0x3e) return false;
  emit(length == openLength && memory.compare(open, from, length) == 0 ? TOKEN_CLOSE : TOKEN_STRAY_CLOSE);
  return true;
}

/** How many decimal numbers, one space between; 0 where it is something else. Two have at most 41 bytes. */
function countNumbers(from: usize): i32 {
  let numbers = 1;
  let digits = 0;
  for (let at = from; at < lineEnd; at++) {
    const byte = load<u8>(at);
    if (byte >= 48 && byte <= 57) digits++;
    else if (byte == 32 && digits > 0) {
      numbers++;
      digits = 0;
    } else return 0;
    if (digits > 20 || numbers > 2) return 0;
  }
  return digits > 0 ? numbers : 0;
}

function readAddress(): void {
  const from = start + 3;
  let to = from;
  while (to < lineEnd && isHexDigit(load<u8>(to))) to++;
  const digits = <u32>(to - from);
  if (digits == 0 || digits > 16) return;
  const kernel = digits == 16 && load<u8>(from) >= 0x38;
  form = kernel ? FORM_KERNEL : FORM_USER;
  if (kernel && addressValid && i8x16.all_true(i8x16.eq(address, v128.load(from)))) sameAddress = SAME_ADDRESS;
  if (!keepAddresses) keyStart = afterOwnAddress(from, to);
}

/** ` 0xA : 0xA [MODULE+…]` says no more than ` 0xA [MODULE+…]`: the key begins after the second address. */
function afterOwnAddress(from: usize, to: usize): usize {
  const second = to + 5;
  const after = second + (to - from);
  if (after > lineEnd || (after < lineEnd && load<u8>(after) != 32)) return to;
  if (load<u32>(to) != 0x30203a20 || load<u8>(to, 4) != 0x78) return to; // ' : 0', 'x'
  return memory.compare(from, second, to - from) == 0 ? after : to;
}

function lookUp(): bool {
  const length = <u32>(lineEnd - keyStart);
  hash = hashKey(keyStart, length, form);
  const key = findKey(hash, keyStart, length, form);
  if (key == 0) return false;
  emitLine(key);
  return true;
}

function emitLine(key: usize): void {
  emit(load<u32>(key, 12) | sameAddress);
  const keyOffset = <u32>(keyStart - start);
  // of what stands before the key, the cache compares 20 bytes; and it knows plain line feeds only
  if (form != FORM_TEXT && keyOffset >= 4 && keyOffset <= 20 && load<u8>(lineEnd) == 10 && worthAPlace()) {
    cacheLine(cacheSet(start), start, keyOffset, key);
  }
  addressValid = form == FORM_KERNEL;
  if (addressValid) address = v128.load(start, 3);
}

export function intern(id: u32): bool {
  const key = addKey(hash, keyStart, <u32>(lineEnd - keyStart), form, id);
  if (key == 0) return false;
  emitLine(key);
  start = next;
  return true;
}

export function skip(): void {
  start = next;
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function emit(word: u32): void {
  store<u32>(tokens + (<usize>count << 2), word);
  count++;
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function isHexDigit(byte: u8): bool {
  return (byte >= 48 && byte <= 57) || (byte >= 0x61 && byte <= 0x66);
}
