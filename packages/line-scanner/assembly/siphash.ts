/**
 * SipHash-2-4 with a 128-bit result (Aumasson and Bernstein, 2012). Nobody who does not know the key can construct two
 * inputs with the same hash.
 */

let key0: u64 = 0;
let key1: u64 = 0;

/** The two halves of the last hash. */
export let hashA: u64 = 0;
export let hashB: u64 = 0;

export function setSipKey(a: u32, b: u32, c: u32, d: u32): void {
  key0 = (<u64>b << 32) | a;
  key1 = (<u64>d << 32) | c;
}

/** Hashes the bytes, followed by their number and by a form, which must be a number below 256. */
export function sipHash(at: usize, length: u32, form: u32): void {
  let v0 = key0 ^ 0x736f6d6570736575;
  let v1 = key1 ^ 0x646f72616e646f6d ^ 0xee;
  let v2 = key0 ^ 0x6c7967656e657261;
  let v3 = key1 ^ 0x7465646279746573;
  const end = at + length;
  for (let more = true; more; ) {
    let word = (<u64>length << 8) | <u64>form;
    if (at + 8 <= end) {
      word = load<u64>(at);
      at += 8;
    } else if (at < end) {
      word = load<u64>(at) & ((<u64>1 << (<u64>(end - at) << 3)) - 1);
      at = end;
    } else more = false;
    v3 ^= word;
    for (let round = 0; round < 2; round++) {
      v0 += v1;
      v1 = rotl<u64>(v1, 13) ^ v0;
      v0 = rotl<u64>(v0, 32);
      v2 += v3;
      v3 = rotl<u64>(v3, 16) ^ v2;
      v0 += v3;
      v3 = rotl<u64>(v3, 21) ^ v0;
      v2 += v1;
      v1 = rotl<u64>(v1, 17) ^ v2;
      v2 = rotl<u64>(v2, 32);
    }
    v0 ^= word;
  }
  v2 ^= 0xee;
  for (let round = 0; round < 8; round++) {
    if (round == 4) {
      hashA = v0 ^ v1 ^ v2 ^ v3;
      v1 ^= 0xdd;
    }
    v0 += v1;
    v1 = rotl<u64>(v1, 13) ^ v0;
    v0 = rotl<u64>(v0, 32);
    v2 += v3;
    v3 = rotl<u64>(v3, 16) ^ v2;
    v0 += v3;
    v3 = rotl<u64>(v3, 21) ^ v0;
    v2 += v1;
    v1 = rotl<u64>(v1, 17) ^ v2;
    v2 = rotl<u64>(v2, 32);
  }
  hashB = v0 ^ v1 ^ v2 ^ v3;
}
