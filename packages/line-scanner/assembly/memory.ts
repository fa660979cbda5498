/**
 * The layout of the module's memory. Only pages that are used become resident.
 *
 *     tokens │ address cache │ key slots │ keys │ key text │ symbols │ input …grows
 */

/** Size of the token buffer, in words. */
export const TOKEN_WORDS: u32 = 1 << 14;

/** Number of sets in the address cache. Each set has two entries of 32 bytes; see `cache.ts`. */
export const CACHE_SETS: u32 = 1 << 14;
export const CACHE_ENTRY: u32 = 32;
const CACHE_BYTES: u32 = CACHE_SETS * 2 * CACHE_ENTRY;

/** Size of a key's entry, in bytes; see `keys.ts`. */
export const KEY_BYTES: u32 = 20;

/** Number of entries in a symbol set, and the size of each in bytes; see `symbols.ts`. */
export const SYMBOL_WAYS: u32 = 4;
export const SYMBOL_BYTES: u32 = 16;

/** Spare bytes after the text and after the input, because a vector load reads 16 bytes and may run past the end. */
export const SLACK: u32 = 64;
const FIRST_INPUT: u32 = 1 << 17;

export let tokens: usize = 0;
export let cache: usize = 0;
export let slots: usize = 0;
export let slotMask: u32 = 0;
export let keys: usize = 0;
export let maxKeys: u32 = 0;
export let text: usize = 0;
export let textLimit: usize = 0;
export let symbols: usize = 0;
/** The maximum number of symbol sets that fit: a power of two, or 0. */
export let maxSymbolSets: u32 = 0;
export let input: usize = 0;
export let inputCapacity: u32 = 0;

/** Lays out the memory. Returns `false` if there is not enough memory. */
export function layOut(lines: u32, maxLineLength: u32, symbolSets: u32): bool {
  const slotCount: u32 = 1 << (32 - clz<u32>(lines * 2 - 1));
  tokens = (__heap_base + 63) & ~63;
  cache = tokens + TOKEN_WORDS * 4;
  slots = cache + CACHE_BYTES;
  slotMask = slotCount - 1;
  keys = slots + slotCount * 4;
  maxKeys = lines;
  text = keys + lines * KEY_BYTES;
  textLimit = text + lines * 128 + maxLineLength + 1;
  symbols = (textLimit + SLACK + 63) & ~63;
  maxSymbolSets = symbolSets;
  input = symbols + <usize>symbolSets * SYMBOL_WAYS * SYMBOL_BYTES;
  return growInput(FIRST_INPUT);
}

/** Makes the input buffer this large. Returns `false` if there is not enough memory. */
export function growInput(capacity: u32): bool {
  const pages = <i32>((input + capacity + SLACK + 0xffff) >>> 16);
  if (pages > memory.size() && memory.grow(pages - memory.size()) < 0) return false;
  inputCapacity = capacity;
  return true;
}
