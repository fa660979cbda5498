import { KEY_BYTES, keys, maxKeys, slotMask, slots, text, textLimit } from './memory';

/**
 * A hash table of the known lines, with open addressing. A line's key is its text after the address. An entry contains:
 *
 *     +0 hash │ +4 text │ +8 length, with the line feed │ +12 id │ +16 form
 */

let known: u32 = 0;
let textEnd: usize = 0;

/** A key's form says what precedes the key in its line: nothing, a user address or a kernel address. */
export const FORM_TEXT: u32 = 0;
export const FORM_USER: u32 = 1;
export const FORM_KERNEL: u32 = 2;
/** A key of this form is assembled from parts of an event line. */
export const FORM_EVENT: u32 = 3;

/**
 * Forgets all keys. If there are none, returns `false` and leaves the memory untouched: a new module's memory is zero,
 * and filling it with zeros would make it resident, which takes longer than reading a small trace.
 */
export function forgetKeys(): bool {
  textEnd = text;
  if (known == 0) return false;
  memory.fill(slots, 0, <usize>(slotMask + 1) << 2);
  known = 0;
  return true;
}

/** Hashes 16 bytes at a time, in two chains that the CPU computes in parallel. */
export function hashKey(at: usize, length: u32, form: u32): u32 {
  const end = at + length;
  let a: u64 = 0x9e3779b97f4a7c15 + <u64>form;
  let b: u64 = 0xc2b2ae3d27d4eb4f ^ <u64>length;
  while (at + 16 <= end) {
    a = rotl<u64>((a ^ load<u64>(at)) * 0xff51afd7ed558ccd, 29);
    b = rotl<u64>((b ^ load<u64>(at, 8)) * 0x9fb21c651e98df25, 31);
    at += 16;
  }
  if (at + 8 <= end) {
    a = rotl<u64>((a ^ load<u64>(at)) * 0xff51afd7ed558ccd, 29);
    at += 8;
  }
  if (at < end) {
    // move the remaining bytes to the high end of a word, which shifts out the bytes that follow them in memory
    const left = <u64>(end - at);
    b = rotl<u64>((b ^ (load<u64>(at) << (64 - (left << 3)))) * 0x9fb21c651e98df25, 31);
  }
  const hash = (a ^ rotl<u64>(b, 32)) * 0xc4ceb9fe1a85ec53;
  return <u32>(hash >>> 32) ^ <u32>hash;
}

/** Returns the entry for the line with this key, or 0 if the line is not known. Every byte is compared. */
export function findKey(hash: u32, at: usize, length: u32, form: u32): usize {
  for (let slot = hash & slotMask; ; slot = (slot + 1) & slotMask) {
    const number = load<u32>(slots + (<usize>slot << 2));
    if (number == 0) return 0;
    const key = keys + <usize>(number - 1) * KEY_BYTES;
    if (load<u32>(key) != hash || load<u32>(key, 8) != length + 1 || load<u32>(key, 16) != form) continue;
    if (sameBytes(load<u32>(key, 4), at, length)) return key;
  }
  return 0; // not reached
}

/** Whether there is room for a key of this length. An empty table has room for every key. */
export function hasRoom(length: u32): bool {
  return known < maxKeys && textEnd + length + 1 <= textLimit;
}

/** Adds a line's key. There must be room for it. */
export function addKey(hash: u32, at: usize, length: u32, form: u32, id: u32): usize {
  const key = keys + <usize>known * KEY_BYTES;
  memory.copy(textEnd, at, length);
  store<u8>(textEnd + length, 10);
  store<u32>(key, hash);
  store<u32>(key, <u32>textEnd, 4);
  store<u32>(key, length + 1, 8);
  store<u32>(key, id, 12);
  store<u32>(key, form, 16);
  textEnd += length + 1;
  known++;
  let slot = hash & slotMask;
  while (load<u32>(slots + (<usize>slot << 2)) != 0) slot = (slot + 1) & slotMask;
  store<u32>(slots + (<usize>slot << 2), known);
  return key;
}

// @ts-expect-error: an AssemblyScript decorator
@inline
export function sameBytes(a: usize, b: usize, length: u32): bool {
  // Most lines are compared here, in six vectors. The vectors may overlap; the last vector ends where the line ends. If
  // this were a loop, the CPU would mispredict its end for each line.
  if (length >= 16 && length <= 96) {
    const last = length - 16;
    const first = v128.and(sameVector(a, b, 0), sameVector(a, b, min(16, last)));
    const second = v128.and(sameVector(a, b, min(32, last)), sameVector(a, b, min(48, last)));
    const third = v128.and(sameVector(a, b, min(64, last)), sameVector(a, b, last));
    return i8x16.all_true(v128.and(v128.and(first, second), third));
  }
  let left = <i32>length;
  while (left > 16) {
    if (!i8x16.all_true(i8x16.eq(v128.load(a), v128.load(b)))) return false;
    a += 16;
    b += 16;
    left -= 16;
  }
  // compare the last bytes, and mask out the bytes after them
  const equal = i8x16.bitmask(i8x16.eq(v128.load(a), v128.load(b)));
  return (equal | (-1 << left)) == -1;
}

// @ts-expect-error: an AssemblyScript decorator
@inline
function sameVector(a: usize, b: usize, at: u32): v128 {
  return i8x16.eq(v128.load(a + <usize>at), v128.load(b + <usize>at));
}
