/**
 * The WebAssembly scanner, which uses SIMD. It works like the scanner in `src/reference.ts`, so read that file first. A
 * test compares the two scanners on random input. Only the search for a known line differs: this scanner finds the line
 * by a hash of its address, before the line's end is known (see `cache.ts`).
 */
import { bytesBeforeKey, cacheSet, earn, findCached, formOf, idOf, keyLength } from './cache';
import { readEvent } from './event';
import { Host, afterPrefix, changeHost, emitHost, giveAddress, isOtherHost, resetHost } from './host';
import { FORM_KERNEL } from './keys';
import {
  emitEvent,
  findEvent,
  forgetLines,
  isEvent,
  keyByAllBytes,
  readFrames,
  readLine,
  rememberLine,
  rememberSymbolOfLine,
} from './line';
import { forgetOpen } from './marks';
import { TOKEN_WORDS, input, inputCapacity, layOut, tokens } from './memory';
import { Ahead, Input, Kernel, Lead, Options, findLineFeed } from './state';
import { forgetSymbols } from './symbols';
import { setHashKey } from './text-hash';
import { SAME_ADDRESS, TOKEN_BLANK, TOKEN_COUNT, Tokens } from './tokens';

export { makeSpace } from './state';

// these values must be the same as in src/scanner.ts
const STOP_INPUT: i32 = 0;
const STOP_LINE: i32 = 1;
const STOP_LONG_LINE: i32 = 2;
const STOP_TOKENS: i32 = 3;
const STOP_EVENT: i32 = 4;
const MAX_TOKEN_WORDS: u32 = 13;

export function initialise(
  lines: u32,
  longest: u32,
  addresses: bool,
  bare: bool,
  blanks: bool,
  marks: bool,
  events: bool,
  threads: bool,
  symbolSets: u32,
): bool {
  if (!layOut(lines, longest, symbolSets)) return false;
  Options.maxLineLength = longest;
  Options.addresses = addresses;
  Options.bareAddresses = bare;
  if (bare) {
    Lead.bytes = 9;
    Lead.mask = 0xff;
  }
  Options.blanks = blanks;
  Options.marks = marks;
  Options.events = events;
  Options.threads = threads;
  Options.symbols = symbolSets > 0;
  forget();
  restart();
  return true;
}

export function restart(): void {
  Input.start = Input.end = Input.searched = input;
  Ahead.end = 0;
  Input.inLongLine = false;
  Kernel.valid = false;
  resetHost();
  forgetOpen();
}

export function forget(): void {
  forgetLines();
  forgetSymbols();
}

export function setKey(a: u32, b: u32, c: u32, d: u32): void {
  setHashKey(a, b, c, d);
}

export function tokensAt(): usize {
  return tokens;
}
export function tokenCount(): u32 {
  return Tokens.count;
}
export function clearTokens(): void {
  Tokens.count = 0;
}
export function startAt(): usize {
  return Input.start;
}
export function lineAt(): usize {
  return Input.text;
}
export function lineLength(): u32 {
  return <u32>(Input.lineEnd - Input.text);
}
export function inputAt(): usize {
  return input;
}
export function pending(): u32 {
  return Input.inLongLine ? 1 : <u32>(Input.end - Input.start);
}
export function spaceAt(): usize {
  return Input.end;
}

export function spaceLength(): u32 {
  return <u32>(input + inputCapacity - Input.end);
}

export function advance(length: u32): void {
  Input.end += length;
}

/** Expects host prefixes from the next line on. */
export function readPrefixes(): void {
  Host.prefixed = true;
}

export function scan(): i32 {
  if (!Input.inLongLine && readKnown() == STOP_TOKENS) return STOP_TOKENS;
  for (;;) {
    const lineFeed = findLineFeed(Input.searched);
    if (lineFeed == 0) return needInput();
    Input.searched = lineFeed + 1;
    if (Input.inLongLine) {
      Input.inLongLine = false;
      Input.start = Input.searched;
      continue;
    }
    if (Tokens.count + MAX_TOKEN_WORDS > TOKEN_WORDS) {
      Input.searched = lineFeed;
      return STOP_TOKENS;
    }
    Input.next = Input.searched;
    Input.lineEnd = lineFeed > Input.start && load<u8>(lineFeed - 1) == 13 ? lineFeed - 1 : lineFeed;
    if (<u32>(Input.lineEnd - Input.start) > Options.maxLineLength) return longLine(Input.next);
    Input.text = Input.start;
    if (Host.prefixed) {
      Input.text = afterPrefix(Input.start, Input.lineEnd);
      if (isOtherHost()) emitHost(tokens, <u32>(Input.start - input));
    }
    if (!readLine()) return isEvent() ? STOP_EVENT : STOP_LINE;
    Input.start = Input.next;
    if (readKnown() == STOP_TOKENS) return STOP_TOKENS;
  }
  return STOP_INPUT; // not reached
}

/** Reads lines until one comes that needs the slow path. */
function readKnown(): i32 {
  let stop: i32;
  do stop = scanCached();
  while (stop != STOP_TOKENS && readFrames());
  return stop;
}

/** The fast path: reads blank lines, cached lines and lines with a count, and stops at any other line. */
function scanCached(): i32 {
  let at = Input.start;
  let to = tokens + (<usize>Tokens.count << 2);
  const full = tokens + (<usize>(TOKEN_WORDS - MAX_TOKEN_WORDS) << 2);
  const limit = Input.end;
  const marks = Options.marks;
  const blanks = Options.blanks;
  const events = Options.events;
  const lead = Lead.bytes;
  const mask = Lead.mask;
  const prefixed = Host.prefixed;
  const ahead = Ahead.line;
  let valid = Kernel.valid;
  let last = Kernel.address;
  let stop = STOP_LINE;
  let found: i32 = 0;
  while (at + 2 < limit) {
    if (to > full) {
      stop = STOP_TOKENS;
      break;
    }
    let line = at;
    if (prefixed) {
      line = afterPrefix(at, limit);
      if (line + 2 >= limit) break;
      if (isOtherHost()) {
        // if the line is not cached, the slow path emits the host change
        if (!isKnown(line, limit, lead, mask)) break;
        Kernel.valid = valid;
        Kernel.address = last;
        to = changeHost(to, <u32>(at - input));
        valid = false;
      }
    }
    if ((<u32>load<u16>(line) & mask) == lead) {
      if (line == ahead) break;
      const entry = findCached(cacheSet(line), line, limit);
      if (entry == 0) break;
      const next = line + bytesBeforeKey(entry) + <usize>keyLength(entry);
      if (prefixed && <u32>(next - 1 - at) > Options.maxLineLength) break;
      let token = idOf(entry);
      if (formOf(entry) == FORM_KERNEL) {
        const digits = v128.load(line, 3);
        if (valid && i8x16.all_true(i8x16.eq(digits, last))) token |= SAME_ADDRESS;
        last = digits;
        valid = true;
        if (Host.fresh) {
          Kernel.valid = true;
          Kernel.address = last;
          to = giveAddress(to);
        }
      } else valid = false;
      Host.fresh = false;
      store<u32>(to, token);
      to += 4;
      at = next;
      found++;
    } else if (load<u8>(line) == 9 && marks) {
      let digit = line + 1;
      let value: u32 = 0;
      // read up to nine digits; the slow path reads any other count
      while (digit < limit && digit < line + 10) {
        const d = <u32>load<u8>(digit) - 48;
        if (d > 9) break;
        value = value * 10 + d;
        digit++;
      }
      if (digit >= limit || digit == line + 1 || load<u8>(digit) != 10) break;
      at = digit + 1;
      store<u32>(to, TOKEN_COUNT);
      store<u32>(to, value, 4);
      store<u32>(to, 0, 8);
      store<u32>(to, <u32>(at - input), 12);
      to += 16;
      valid = Host.fresh = false;
      Host.inFrame = false;
    } else if (load<u8>(line) == 10 && blanks) {
      at = line + 1;
      store<u32>(to, TOKEN_BLANK);
      store<u32>(to, <u32>(at - input), 4);
      to += 8;
      valid = Host.fresh = false;
    } else if (events && load<u8>(at) != 9) {
      const end = findLineFeed(at);
      if (end == 0 || <u32>(end - at) > Options.maxLineLength || load<u8>(end - 1) == 13) break;
      const event = readEvent(at, end, Options.threads) ? findEvent() : 0;
      if (event == 0) break;
      emitEvent(to, event);
      to += 16;
      at = end + 1;
      valid = false;
    } else break;
  }
  earn(found);
  Input.start = at;
  if (Input.searched < at) Input.searched = at;
  Tokens.count = <u32>(to - tokens) >> 2;
  Kernel.valid = valid;
  Kernel.address = last;
  return stop;
}

/** Whether the line is cached. Checked before a host change is written: a line from that host must come next. */
function isKnown(line: usize, limit: usize, lead: u32, mask: u32): bool {
  return (<u32>load<u16>(line) & mask) == lead && findCached(cacheSet(line), line, limit) != 0;
}

function needInput(): i32 {
  Input.searched = Input.end;
  if (Input.inLongLine) Input.start = Input.end;
  else if (<u32>(Input.end - Input.start) > Options.maxLineLength + 1) {
    Input.inLongLine = true;
    return longLine(Input.end);
  }
  return STOP_INPUT;
}

function longLine(after: usize): i32 {
  Kernel.valid = false;
  Input.next = after;
  Input.lineEnd = Input.text = Input.start;
  return STOP_LONG_LINE;
}


export function remember(token: u32): void {
  rememberLine(token);
  Input.start = Input.next;
}

export function rememberWhole(token: u32): void {
  keyByAllBytes();
  remember(token);
}

export function rememberSymbol(token: u32): void {
  rememberSymbolOfLine(token);
  Input.start = Input.next;
}

export function skip(): void {
  Input.start = Input.next;
}
