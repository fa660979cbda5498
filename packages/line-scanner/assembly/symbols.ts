import { SYMBOL_BYTES, SYMBOL_WAYS, maxSymbolSets, symbols } from './memory';
import { hashA, hashB, sipHash } from './siphash';

/**
 * The words of symbols, so that a new line of a known function needs no answer from outside. It is a cache: sets of eight
 * places, of which the oldest is given up when all are taken. Symbols are not kept but compared by 96 bits of a hash
 * whose key is drawn anew for each scanner, so that nobody can make two symbols that are taken for one.
 *
 *     +0 96 bits of the hash │ +12 word, 0 where the place is free
 */

let sets: u32 = 0;
let stored: u32 = 0;
/** Where the last hash was looked for. */
let set: usize = 0;
let sought: v128 = i8x16.splat(0);

const FIRST_SETS: u32 = 1 << 8;

export function forgetSymbols(): void {
  memory.fill(symbols, 0, <usize>sets * SYMBOL_WAYS * SYMBOL_BYTES);
  sets = min(FIRST_SETS, maxSymbolSets);
  stored = 0;
}


/** The word of this symbol; 0 if it is not known. */
export function findSymbol(at: usize, length: u32, form: u32): u32 {
  if (stored == 0) return 0;
  seek(at, length, form);
  for (let way: u32 = 0; way < SYMBOL_WAYS; way++) {
    const place = set + <usize>(way * SYMBOL_BYTES);
    const entry = v128.load(place);
    if (sameHash(entry)) return i32x4.extract_lane(entry, 3);
  }
  return 0;
}

/** Remembers the word of this symbol. */
export function addSymbol(at: usize, length: u32, form: u32, word: u32): void {
  if (maxSymbolSets == 0) return;
  if (stored > sets * (SYMBOL_WAYS / 4) * 3 && sets < maxSymbolSets) grow();
  seek(at, length, form);
  const entry = i32x4.replace_lane(sought, 3, word);
  for (let way: u32 = 0; way < SYMBOL_WAYS; way++) {
    const place = set + <usize>(way * SYMBOL_BYTES);
    const known = v128.load(place);
    const isFree = i32x4.extract_lane(known, 3) == 0;
    if (!isFree && !sameHash(known)) continue;
    if (isFree) stored++;
    v128.store(place, entry);
    return;
  }
  // the first place has the oldest
  memory.copy(set, set + SYMBOL_BYTES, (SYMBOL_WAYS - 1) * SYMBOL_BYTES);
  v128.store(set + (SYMBOL_WAYS - 1) * SYMBOL_BYTES, entry);
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function sameHash(entry: v128): bool {
  return (i8x16.bitmask(i8x16.eq(entry, sought)) & 0xfff) == 0xfff && i32x4.extract_lane(entry, 3) != 0;
}

function seek(at: usize, length: u32, form: u32): void {
  sipHash(at, length, form);
  sought = i64x2.replace_lane(i64x2.splat(hashA), 1, hashB);
  set = setOf(<u32>hashA);
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function setOf(hash: u32): usize {
  return symbols + <usize>(hash & (sets - 1)) * SYMBOL_WAYS * SYMBOL_BYTES;
}

/** Twice as many sets. The symbols of each stay or move to the set that is its other half. */
function grow(): void {
  const old = sets;
  sets *= 2;
  for (let number: u32 = 0; number < old; number++) {
    const from = symbols + <usize>number * SYMBOL_WAYS * SYMBOL_BYTES;
    let stay = from;
    let move = from + <usize>old * SYMBOL_WAYS * SYMBOL_BYTES;
    for (let way: u32 = 0; way < SYMBOL_WAYS; way++) {
      const entry = v128.load(from + <usize>(way * SYMBOL_BYTES));
      if (i32x4.extract_lane(entry, 3) == 0) break;
      if ((<u32>i32x4.extract_lane(entry, 0) & old) == 0) {
        v128.store(stay, entry);
        stay += SYMBOL_BYTES;
      } else {
        v128.store(move, entry);
        move += SYMBOL_BYTES;
      }
    }
    memory.fill(stay, 0, from + SYMBOL_WAYS * SYMBOL_BYTES - stay);
  }
}
