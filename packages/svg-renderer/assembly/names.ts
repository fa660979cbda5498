/**
 * Each name once, by a number.
 *
 *     slots  a name's number + 1, or 0; at most half full
 *     names  { where its bytes are in TEXT, how many, hash, what the tree keeps of it }
 */
import { compareBytes, sameBytes } from './bytes';
import { NAMES, NAME_SLOTS, TEXT, base, capacity, reserve } from './memory';

const NAME: u32 = 16;
const FAILED: u32 = 0xffffffff;

export let nameCount: u32 = 0;
let textLength: u32 = 0;

// @ts-expect-error: a decorator of AssemblyScript
@inline
function nameAt(id: u32): usize {
  return base(NAMES) + <usize>id * NAME;
}

export function nameText(id: u32): usize {
  return base(TEXT) + load<u32>(nameAt(id));
}
export function nameLength(id: u32): u32 {
  return load<u32>(nameAt(id), 4);
}
/** A word of the tree's for each name. */
export function noteOf(id: u32): u32 {
  return load<u32>(nameAt(id), 12);
}
export function setNote(id: u32, note: u32): void {
  store<u32>(nameAt(id), note, 12);
}

/** Names are interned from the bytes at the start of TEXT on; those there are kept. */
export function namesAfter(length: u32): void {
  textLength = length;
}

/** Eight bytes at a time; the length is in it, too. */
function hashOf(at: usize, length: u32): u32 {
  let hash: u64 = <u64>length * 0x9e3779b97f4a7c15;
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

/** Number of a name in the region at an offset; FAILED without memory. */
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
      return id - 1;
    }
    slot = (slot + 1) & mask;
  }
  store<u32>(slots + (<usize>slot << 2), nameCount + 1);
  if (!reserve(NAMES, (nameCount + 1) * NAME) || !reserve(TEXT, textLength + length)) return FAILED;
  memory.copy(base(TEXT) + textLength, base(region) + offset, length);
  const name = nameAt(nameCount);
  store<u32>(name, textLength);
  store<u32>(name, length, 4);
  store<u32>(name, hash, 8);
  store<u32>(name, 0, 12);
  textLength += length;
  return nameCount++;
}

export function internFailed(id: u32): bool {
  return id == FAILED;
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

/** Puts the numbers of all names in byte order into NAME_SLOTS, which ends the table. Merges runs, from one up. */
export function sortNames(): bool {
  const count = nameCount;
  if (!reserve(NAME_SLOTS, count * 8)) return false;
  let from = base(NAME_SLOTS);
  let to = from + <usize>count * 4;
  for (let id: u32 = 0; id < count; id++) store<u32>(from + (<usize>id << 2), id);
  for (let width: u32 = 1; width < count; width *= 2) {
    for (let low: u32 = 0; low < count; low += width * 2) {
      mergeRuns(from, to, low, min(low + width, count), min(low + width * 2, count));
    }
    const swap = from;
    from = to;
    to = swap;
  }
  if (from != base(NAME_SLOTS)) memory.copy(base(NAME_SLOTS), from, <usize>count * 4);
  return true;
}

function mergeRuns(from: usize, to: usize, low: u32, middle: u32, high: u32): void {
  let left = low;
  let right = middle;
  for (let at = low; at < high; at++) {
    const takeLeft =
      left < middle &&
      (right >= high ||
        compareNames(load<u32>(from + (<usize>left << 2)), load<u32>(from + (<usize>right << 2))) <= 0);
    store<u32>(to + (<usize>at << 2), load<u32>(from + (<usize>(takeLeft ? left++ : right++) << 2)));
  }
}

function compareNames(a: u32, b: u32): i32 {
  return compareBytes(nameText(a), nameLength(a), nameText(b), nameLength(b));
}

/** The name at a place in that order. */
export function nameInOrder(place: u32): u32 {
  return load<u32>(base(NAME_SLOTS) + (<usize>place << 2));
}
