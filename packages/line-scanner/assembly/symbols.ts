import { SYMBOL_BYTES, SYMBOL_WAYS, maxSymbolSets, symbols } from './memory';
import { hashA, hashB, sipHash } from './siphash';

/**
 * The words of symbols, so that a new line of a known function need not be asked about. A symbol goes into one of
 * two sets of four places, whichever has more room; only when both are full does it replace the oldest symbol of
 * the first set. So the table can be three quarters full and hardly loses any symbols. The text of symbols is not
 * kept. They are compared by 96 bits of a hash whose key is random for each scanner, so that nobody can make two
 * symbols that would be mistaken for one. A set fills one line of the processor's cache:
 *
 *     +0 96 bits of the hash, of which the first 32 tell the first set and the next 32 the second │ +12 word, 0 if free
 */

let sets: u32 = 0;
let stored: u32 = 0;
let sought: v128 = i8x16.splat(0);
/** Where the last hash was looked for. */
let first: usize = 0;
let second: usize = 0;

const FIRST_SETS: u32 = 1 << 9;
const SET_BYTES: usize = SYMBOL_WAYS * SYMBOL_BYTES;

export function forgetSymbols(): void {
  memory.fill(symbols, 0, <usize>sets * SET_BYTES);
  sets = min(FIRST_SETS, maxSymbolSets);
  stored = 0;
}

/** The word of this symbol; 0 if it is not known. */
export function findSymbol(at: usize, length: u32, form: u32): u32 {
  if (stored == 0) return 0;
  seek(at, length, form);
  const place = placeIn(first);
  if (place != 0) return load<u32>(place, 12);
  const other = placeIn(second);
  return other == 0 ? 0 : load<u32>(other, 12);
}

/** Remembers the word of this symbol. */
export function addSymbol(at: usize, length: u32, form: u32, word: u32): void {
  if (maxSymbolSets == 0) return;
  if (stored > sets * (SYMBOL_WAYS - 1) && sets < maxSymbolSets) grow();
  seek(at, length, form);
  const known = max(placeIn(first), placeIn(second));
  if (known != 0) store<u32>(known, word, 12);
  else v128.store(freePlace(), i32x4.replace_lane(sought, 3, word));
}

/** A free place for the symbol that was looked for. */
function freePlace(): usize {
  const usedOfFirst = usedOf(first);
  const usedOfSecond = usedOf(second);
  if (min(usedOfFirst, usedOfSecond) < SYMBOL_WAYS) {
    stored++;
    return usedOfFirst <= usedOfSecond
      ? first + <usize>(usedOfFirst * SYMBOL_BYTES)
      : second + <usize>(usedOfSecond * SYMBOL_BYTES);
  }
  // the first place has the oldest symbol
  memory.copy(first, first + SYMBOL_BYTES, SET_BYTES - SYMBOL_BYTES);
  return first + SET_BYTES - SYMBOL_BYTES;
}

/** How many places of a set are taken: those before the free ones. */
function usedOf(set: usize): u32 {
  let used: u32 = 0;
  while (used < SYMBOL_WAYS && load<u32>(set + <usize>(used * SYMBOL_BYTES), 12) != 0) used++;
  return used;
}

/** The place in this set of the symbol that is looked for, or 0. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function placeIn(set: usize): usize {
  for (let place = set; place < set + SET_BYTES; place += SYMBOL_BYTES) {
    const entry = v128.load(place);
    if ((i8x16.bitmask(i8x16.eq(entry, sought)) & 0xfff) == 0xfff && i32x4.extract_lane(entry, 3) != 0) return place;
  }
  return 0;
}

function seek(at: usize, length: u32, form: u32): void {
  sipHash(at, length, form);
  sought = i64x2.replace_lane(i64x2.splat(hashA), 1, hashB);
  first = symbols + <usize>(<u32>hashA & (sets - 1)) * SET_BYTES;
  second = symbols + <usize>(<u32>(hashA >>> 32) & (sets - 1)) * SET_BYTES;
}

/**
 * Doubles the number of sets. The symbols of each set stay in it or move to the new set that is its other half.
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
