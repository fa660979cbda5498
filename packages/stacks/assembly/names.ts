/**
 * A hash table of names. Each name is stored once and has a number.
 *
 *     slots  a name's number + 1, or 0; at most half of the slots are used
 *     names  { start of the name's bytes in TEXT, number of bytes, hash, number of the first name with the same label }
 *
 * Names with the same label are treated as the same name.
 */
import { isBlank, sameBytes } from './bytes';
import { NAMES, NAME_SLOTS, TEXT, base, capacity, reserve } from './memory';

/**
 * Called for a name that is not a valid label. The caller cleans the name, looks up or adds the cleaned name with
 * `find`, and returns its number.
 */
// @ts-expect-error: an AssemblyScript decorator
@external('env', 'canonical')
declare function canonical(id: u32): u32;

const NAME: u32 = 16;
export const FAILED: u32 = 0xffffffff;

export let nameCount: u32 = 0;
export let textLength: u32 = 0;
/** A random number, so that nobody can construct an input whose names all share a slot. */
let seed: u64 = 0;

export function seedNames(random: u64): void {
  seed = random;
}

export function forgetNames(): void {
  nameCount = 0;
  textLength = 0;
  memory.fill(base(NAME_SLOTS), 0, capacity(NAME_SLOTS));
}

// @ts-expect-error: an AssemblyScript decorator
@inline
function nameAt(id: u32): usize {
  return base(NAMES) + <usize>id * NAME;
}

/** Hashes the length and the bytes, eight bytes at a time. */
function hashOf(at: usize, length: u32): u32 {
  let hash: u64 = seed ^ (<u64>length * 0x9e3779b97f4a7c15);
  let rest = length;
  for (; rest >= 8; rest -= 8, at += 8) {
    hash = (hash ^ load<u64>(at)) * 0xff51afd7ed558ccd;
    hash ^= hash >>> 32;
  }
  if (rest > 0) {
    hash = (hash ^ (load<u64>(at) & ((<u64>1 << (<u64>rest * 8)) - 1))) * 0xc4ceb9fe1a85ec53;
    hash ^= hash >>> 32;
  }
  return <u32>hash;
}

/** Returns the number of a name in a region, adding the name if it is new. Returns FAILED if memory runs out. */
export function intern(region: u32, offset: u32, length: u32): u32 {
  const hash = hashOf(base(region) + offset, length);
  if (nameCount * 8 >= capacity(NAME_SLOTS) && !rehash()) return FAILED;
  const mask = (capacity(NAME_SLOTS) >>> 2) - 1;
  let slot = hash & mask;
  const slots = base(NAME_SLOTS);
  for (;;) {
    const id = load<u32>(slots + (<usize>slot << 2));
    if (id == 0) break;
    const name = nameAt(id - 1);
    if (
      load<u32>(name, 8) == hash &&
      load<u32>(name, 4) == length &&
      sameBytes(base(TEXT) + load<u32>(name), base(region) + offset, length) == length
    ) {
      return load<u32>(name, 12);
    }
    slot = (slot + 1) & mask;
  }
  store<u32>(slots + (<usize>slot << 2), nameCount + 1);
  if (!reserve(NAMES, (nameCount + 1) * NAME) || !reserve(TEXT, textLength + length)) return FAILED;
  memory.copy(base(TEXT) + textLength, base(region) + offset, length);
  const id = nameCount++;
  const name = nameAt(id);
  store<u32>(name, textLength);
  store<u32>(name, length, 4);
  store<u32>(name, hash, 8);
  store<u32>(name, id, 12);
  const at = base(TEXT) + textLength;
  textLength += length;
  if (isLabel(at, length)) return id;
  const standsFor = canonical(id);
  if (standsFor != FAILED) store<u32>(nameAt(id), standsFor, 12);
  return standsFor;
}

/** Whether a name is printable ASCII without white space at its ends. If it is not, the caller checks it, once. */
function isLabel(at: usize, length: u32): bool {
  if (length == 0 || load<u8>(at) == 0x23 || isBlank(load<u8>(at)) || isBlank(load<u8>(at + length - 1))) return false;
  for (let i: u32 = 0; i < length; i++) if (<u8>(load<u8>(at + i) - 32) >= 95) return false;
  return true;
}

function rehash(): bool {
  if (!reserve(NAME_SLOTS, capacity(NAME_SLOTS) * 2)) return false;
  const slots = base(NAME_SLOTS);
  const mask = (capacity(NAME_SLOTS) >>> 2) - 1;
  memory.fill(slots, 0, capacity(NAME_SLOTS));
  for (let id: u32 = 0; id < nameCount; id++) {
    let slot = load<u32>(nameAt(id), 8) & mask;
    while (load<u32>(slots + (<usize>slot << 2)) != 0) slot = (slot + 1) & mask;
    store<u32>(slots + (<usize>slot << 2), id + 1);
  }
  return true;
}
