/** Returns the end of the lower-case hexadecimal digits that begin at `from`. Another byte must follow the digits. */
export function afterHexDigits(from: usize): usize {
  for (let to = from; ; to += 16) {
    const bytes = v128.load(to);
    const others = ~(<u32>i8x16.bitmask(hexDigits(bytes))) & 0xffff;
    if (others != 0) return to + <usize>ctz<u32>(others);
  }
  return 0; // not reached
}

/** Returns the start of the hexadecimal digits that end at `to`. */
export function beforeHexDigits(to: usize): usize {
  let from = to - 1;
  while (isHexDigit(load<u8>(from))) from--;
  return from;
}

/** Marks the lanes with lower-case hexadecimal digits. */
// @ts-expect-error: an AssemblyScript decorator
@inline
export function hexDigits(bytes: v128): v128 {
  return v128.or(isInRange(bytes, 0x30, 10), isInRange(bytes, 0x61, 6));
}

/** Marks the lanes whose byte values are from `first` to `first + count − 1`. */
// @ts-expect-error: an AssemblyScript decorator
@inline
function isInRange(bytes: v128, first: u8, count: u8): v128 {
  return i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(first)), i8x16.splat(count));
}

// @ts-expect-error: an AssemblyScript decorator
@inline
function isHexDigit(byte: u8): bool {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66);
}
