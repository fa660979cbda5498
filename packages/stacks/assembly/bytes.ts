/** Compares and finds bytes, 16 at a time. Up to 16 bytes past the end are loaded but ignored. */

/** Returns the number of leading bytes that are equal at `a` and `b`, up to `most`. */
export function sameBytes(a: usize, b: usize, most: u32): u32 {
  let same: u32 = 0;
  while (same < most) {
    const equal = <u32>i8x16.bitmask(i8x16.eq(v128.load(a + same), v128.load(b + same)));
    if (equal != 0xffff) return min<u32>(most, same + ctz(~equal));
    same += 16;
  }
  return most;
}

/** Returns the address of the first byte with this value, or `to` if there is none. */
export function findByte(byte: u8, from: usize, to: usize): usize {
  const wanted = i8x16.splat(byte);
  for (let at = from; at < to; at += 16) {
    const found = <u32>i8x16.bitmask(i8x16.eq(v128.load(at), wanted));
    if (found != 0) return min<usize>(to, at + ctz(found));
  }
  return to;
}

/** Whether a byte is a space, a TAB or part of a line end. Other control characters may be part of a name. */
// @ts-expect-error: an AssemblyScript decorator
@inline
export function isBlank(byte: u8): bool {
  return byte == 32 || <u8>(byte - 9) < 5;
}

// @ts-expect-error: an AssemblyScript decorator
@inline
export function isDigit(byte: u8): bool {
  return <u8>(byte - 48) < 10;
}
