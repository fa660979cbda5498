/**
 * Loops over the bytes of sorted folded text, 16 at a time. The functions work like `PlainMemory` in
 * `src/folded/line-memory.ts`, so read that class first. Callers may use the memory from `linesBase()` on, and must
 * leave 16 bytes free at its end.
 */
import { sameBytes } from './bytes';

const LINE_FEED: i8 = 10;
const SPACE: u8 = 0x20;
const HASH: u8 = 0x23;
const SEMICOLON: u8 = 0x3b;

// these values must be the same as in src/folded/line-memory.ts
const NOT_PLAIN: f64 = 1;
const LOOK: f64 = 2;
const FLAGS: f64 = 4;

export function linesBase(): usize {
  return (__heap_base + 63) & ~63;
}

/** Returns the number of leading bytes that are equal at `a` and `b`, up to `most`. */
export function sameAt(a: usize, b: usize, most: u32): u32 {
  return sameBytes(a, b, most);
}

export function copyTo(to: usize, from: usize, length: u32): void {
  memory.copy(to, from, length);
}

/** Returns the end of the line at `from`, times four, plus flags for the line's bytes at and after `begin`. */
export function scanLine(from: usize, begin: usize): f64 {
  let flags: f64 = begin > from && load<u8>(begin - 1) >= 0x7f ? LOOK : 0;
  let at = begin;
  if (at == from) {
    // the first byte has no preceding byte to compare with
    const first = load<u8>(at);
    if (first == <u8>LINE_FEED) return <f64>at * FLAGS + flags;
    if (first == SPACE || first == SEMICOLON || first < SPACE) flags = NOT_PLAIN;
    if (first == HASH || first >= 0x7f) flags = LOOK;
    at++;
  }
  let never: u32 = 0;
  let look: u32 = 0;
  for (;;) {
    const bytes = v128.load(at);
    const before = v128.load(at - 1);
    const ends = <u32>i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(LINE_FEED)));
    const isSemicolon = i8x16.eq(bytes, i8x16.splat(SEMICOLON));
    const isSpace = i8x16.eq(bytes, i8x16.splat(SPACE));
    const afterSemicolon = i8x16.eq(before, i8x16.splat(SEMICOLON));
    const afterSpace = i8x16.eq(before, i8x16.splat(SPACE));
    const bad = v128.or(
      v128.or(
        v128.and(afterSemicolon, v128.or(isSemicolon, isSpace)),
        v128.and(afterSpace, isSemicolon),
      ),
      i8x16.lt_u(bytes, i8x16.splat(SPACE)),
    );
    const strange = v128.or(i8x16.ge_u(bytes, i8x16.splat(0x7f)), i8x16.eq(bytes, i8x16.splat(HASH)));
    // check only the bytes before the line feed
    const within: u32 = ends == 0 ? 0xffff : (ends & -ends) - 1;
    never |= <u32>i8x16.bitmask(bad) & within;
    look |= <u32>i8x16.bitmask(strange) & within;
    if (ends != 0) {
      at += ctz(ends);
      break;
    }
    at += 16;
  }
  if (never != 0) flags = NOT_PLAIN;
  else if (look != 0 && flags == 0) flags = LOOK;
  return <f64>at * FLAGS + flags;
}
