import { CACHE_ENTRY, CACHE_SETS, cache } from './memory';
import { sameBytes } from './keys';

/**
 * A cache that finds complete lines by their addresses. Return addresses repeat, so a hash of the 16 bytes after the
 * blank at the start of a line finds that line before its end is known. Then every byte is compared. Each hash value
 * has a set of two entries, which fill one CPU cache line. An entry contains:
 *
 *     +0 first 16 bytes │ +16 four bytes before the key │ +20 key text │ +24 key length, with the line feed (2 bytes)
 *     +26 bytes before the key (1 byte) │ +27 form (1 byte) │ +28 id
 */
const LONGEST_KEY: u32 = 0xffff;

export function forgetCache(): void {
  memory.fill(cache, 0, <usize>CACHE_SETS * 2 * CACHE_ENTRY);
}

// @ts-expect-error: an AssemblyScript decorator
@inline
export function cacheSet(line: usize): usize {
  const hash = (load<u64>(line, 1) ^ (load<u64>(line, 9) * 0x9e3779b97f4a7c15)) * 0xff51afd7ed558ccd;
  return cache + <usize>((hash >>> 40) & (CACHE_SETS - 1)) * 2 * CACHE_ENTRY;
}

/** Returns the entry for the line at `line`, or 0 if the line is not cached or does not end before `end`. */
// @ts-expect-error: an AssemblyScript decorator
@inline
export function findCached(set: usize, line: usize, end: usize): usize {
  const first = v128.load(line);
  if (matches(set, line, end, first)) return set;
  return matches(set + CACHE_ENTRY, line, end, first) ? set + CACHE_ENTRY : 0;
}

// @ts-expect-error: an AssemblyScript decorator
@inline
function matches(entry: usize, line: usize, end: usize, first: v128): bool {
  if (!i8x16.all_true(i8x16.eq(first, v128.load(entry)))) return false;
  const key = line + bytesBeforeKey(entry);
  const length = keyLength(entry);
  if (key + length > end || load<u32>(key - 4) != load<u32>(entry, 16)) return false;
  return sameBytes(load<u32>(entry, 20), key, length);
}

// @ts-expect-error: an AssemblyScript decorator
@inline
export function keyLength(entry: usize): u32 {
  return load<u16>(entry, 24);
}

// @ts-expect-error: an AssemblyScript decorator
@inline
export function bytesBeforeKey(entry: usize): usize {
  return <usize>load<u8>(entry, 26);
}

// @ts-expect-error: an AssemblyScript decorator
@inline
export function formOf(entry: usize): u32 {
  return load<u8>(entry, 27);
}

// @ts-expect-error: an AssemblyScript decorator
@inline
export function idOf(entry: usize): u32 {
  return load<u32>(entry, 28);
}

/** Caching a known line under a new address costs credit; finding a cached line earns credit. */
const MOST_CREDIT: i32 = 1 << 12;
const PRICE: i32 = 8;
/** When no credit is left, one line in this many is still cached, to detect when addresses start to repeat again. */
const TRIAL: u32 = 16;
let credit: i32 = MOST_CREDIT;
let trials: u32 = 0;

/** Adds credit for lines found in the cache. */
// @ts-expect-error: an AssemblyScript decorator
@inline
export function earn(lines: i32): void {
  credit = min(credit + lines, MOST_CREDIT);
}

export function worthAPlace(): bool {
  credit -= PRICE;
  if (credit > 0) return true;
  credit = 0;
  trials++;
  return trials % TRIAL == 0;
}

/** Puts a line into the first entry of its set, and moves the previous first entry to the second. */
export function cacheLine(set: usize, line: usize, keyStart: u32, key: usize): void {
  const length = load<u32>(key, 8);
  if (length > LONGEST_KEY) return;
  // copy the entry as two vectors: a call to memory.copy would take longer than the rest of this function
  v128.store(set + CACHE_ENTRY, v128.load(set));
  v128.store(set + CACHE_ENTRY, v128.load(set, 16), 16);
  v128.store(set, v128.load(line));
  store<u32>(set, load<u32>(line + keyStart - 4), 16);
  store<u32>(set, load<u32>(key, 4), 20);
  store<u16>(set, <u16>length, 24);
  store<u8>(set, <u8>keyStart, 26);
  store<u8>(set, <u8>load<u32>(key, 16), 27);
  store<u32>(set, load<u32>(key, 12), 28);
}
