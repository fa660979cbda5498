import { SYMBOL_BYTES, SYMBOL_WAYS, maxSymbolSets, symbols } from './memory';
import { hashA, hashB, hashText } from './text-hash';

/**
 * A hash table that maps symbols to tokens, so that the scanner need not ask the reader about a new line in a known
 * function.
 *
 * The hash assigns two sets of four entries to each symbol. A symbol goes into the set that has more room; if both are
 * full, it replaces the oldest symbol in the first set. This lets the table become three quarters full before it loses
 * more than a few symbols.
 *
 * Symbols are stored without their text. They are compared by 96 bits of a hash whose key is random for each scanner,
 * so that nobody can construct two symbols that would be mistaken for each other. A set fills one CPU cache line. An
 * entry contains:
 *
 *     +0 96 bits of the hash: the first 32 select the first set, the next 32 the second │ +12 token, 0 if free
 */

let sets: u32 = 0;
let stored: u32 = 0;
let sought: v128 = i8x16.splat(0);
/** The two sets for the last looked-up symbol. */
let first: usize = 0;
let second: usize = 0;

const FIRST_SETS: u32 = 1 << 9;
const SET_BYTES: usize = SYMBOL_WAYS * SYMBOL_BYTES;

export function forgetSymbols(): void {
  memory.fill(symbols, 0, <usize>sets * SET_BYTES);
  sets = min(FIRST_SETS, maxSymbolSets);
  stored = 0;
}

/** Returns the token for this symbol, or 0 if the symbol is not known. */
export function findSymbol(at: usize, length: u32, form: u32): u32 {
  if (stored == 0) return 0;
  hashText(at, length, form);
  return findHashed(hashA, hashB);
}

/** Returns the token for the symbol with this hash, or 0 if the symbol is not known. */
export function findHashed(a: u64, b: u32): u32 {
  seek(a, b);
  const place = placeIn(first);
  if (place != 0) return load<u32>(place, 12);
  const other = placeIn(second);
  return other == 0 ? 0 : load<u32>(other, 12);
}

/** Remembers the token for this symbol. */
export function addSymbol(at: usize, length: u32, form: u32, word: u32): void {
  if (maxSymbolSets == 0) return;
  if (stored > sets * (SYMBOL_WAYS - 1) && sets < maxSymbolSets) grow();
  hashText(at, length, form);
  seek(hashA, hashB);
  const known = max(placeIn(first), placeIn(second));
  if (known != 0) store<u32>(known, word, 12);
  else v128.store(freePlace(), i32x4.replace_lane(sought, 3, word));
}

/** Returns a free entry for the last looked-up symbol. If both sets are full, removes the oldest symbol. */
function freePlace(): usize {
  const usedOfFirst = usedOf(first);
  const usedOfSecond = usedOf(second);
  if (min(usedOfFirst, usedOfSecond) < SYMBOL_WAYS) {
    stored++;
    return usedOfFirst <= usedOfSecond
      ? first + <usize>(usedOfFirst * SYMBOL_BYTES)
      : second + <usize>(usedOfSecond * SYMBOL_BYTES);
  }
  // the first entry in a set has the oldest symbol
  memory.copy(first, first + SYMBOL_BYTES, SET_BYTES - SYMBOL_BYTES);
  return first + SET_BYTES - SYMBOL_BYTES;
}

/** Number of used entries in a set. Used entries come before free entries. */
function usedOf(set: usize): u32 {
  let used: u32 = 0;
  while (used < SYMBOL_WAYS && load<u32>(set + <usize>(used * SYMBOL_BYTES), 12) != 0) used++;
  return used;
}

/** Returns the entry for the last looked-up symbol in this set, or 0 if the set does not contain the symbol. */
// @ts-expect-error: an AssemblyScript decorator
@inline
function placeIn(set: usize): usize {
  for (let place = set; place < set + SET_BYTES; place += SYMBOL_BYTES) {
    const entry = v128.load(place);
    if ((i8x16.bitmask(i8x16.eq(entry, sought)) & 0xfff) == 0xfff && i32x4.extract_lane(entry, 3) != 0) return place;
  }
  return 0;
}

/** Loads the two sets for this hash into the CPU's cache. Returns what it found there, which means nothing. */
// @ts-expect-error: an AssemblyScript decorator
@inline
export function fetchSets(a: u64): u32 {
  return load<u32>(setOf(<u32>a)) + load<u32>(setOf(<u32>(a >>> 32)));
}

function seek(a: u64, b: u32): void {
  sought = i64x2.replace_lane(i64x2.splat(a), 1, <u64>b);
  first = setOf(<u32>a);
  second = setOf(<u32>(a >>> 32));
}

// @ts-expect-error: an AssemblyScript decorator
@inline
function setOf(bits: u32): usize {
  return symbols + <usize>(bits & (sets - 1)) * SET_BYTES;
}

/**
 * Doubles the number of sets. Each set shares its symbols with one new set: the next bit of a symbol's hash decides
 * which of the two the symbol goes into.
 */
function grow(): void {
  const old = sets;
  sets *= 2;
  for (let number: u32 = 0; number < old; number++) {
    const from = symbols + <usize>number * SET_BYTES;
    let stay = from;
    let move = from + <usize>old * SET_BYTES;
    for (let way: u32 = 0; way < SYMBOL_WAYS; way++) {
      const entry = v128.load(from + <usize>(way * SYMBOL_BYTES));
      if (i32x4.extract_lane(entry, 3) == 0) break;
      const bits = <u32>i32x4.extract_lane(entry, 0);
      const placedBy = (bits & (old - 1)) == number ? bits : <u32>i32x4.extract_lane(entry, 1);
      if ((placedBy & old) == 0) {
        v128.store(stay, entry);
        stay += SYMBOL_BYTES;
      } else {
        v128.store(move, entry);
        move += SYMBOL_BYTES;
      }
    }
    memory.fill(stay, 0, from + SET_BYTES - stay);
  }
}
