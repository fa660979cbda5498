/** Reads plain frames, like `src/plain-frame.ts`. Nearly every frame in a trace is plain. */
import { afterHexDigits, beforeHexDigits, hexDigits } from './hex';

const HEX_PREFIX: u32 = 0x7830; // '0x'
const PLUS: u8 = 0x2b;
const SLASH: u8 = 0x2f;

/** The start and the length of the last symbol read. */
export let symbolStart: usize = 0;
export let symbolLength: u32 = 0;

/**
 * Whether the line has the format ` 0xADDR : SYMBOL+0xOFF/0xSIZE [MODULE]`.
 *
 * @param address the start of the address digits
 * @param isHigh whether the address is in the upper half of the 64-bit range
 */
export function readPlainFrame(line: usize, end: usize, address: usize, isHigh: bool): bool {
  if (address != line + 3 || load<u8>(line) != 32) return false;
  return endOfPlainFrame(address, afterHexDigits(address), isHigh) == end;
}

/**
 * Reads a plain frame whose address digits are from `address` to `colon`, and returns its end. Returns 0 for any other
 * line.
 */
export function endOfPlainFrame(address: usize, colon: usize, isHigh: bool): usize {
  // ' : '
  if ((load<u32>(colon) & 0xffffff) != 0x203a20) return 0;
  const from = colon + 3;
  if (load<u16>(from) == HEX_PREFIX) return 0;
  const blank = afterPrintable(from);
  // ' ['
  if (load<u16>(blank) != 0x5b20) return 0;
  const module = blank + 2;
  const end = afterPrintable(module);
  const last = end - 1;
  if (load<u8>(last) != 0x5d || last < module || hasOffset(module, last)) return 0;
  const to = startOfOffset(from, blank);
  if (to <= from) return 0;
  // frames in the module of the SystemTap probe itself, and kernel frames at addresses below 2^63, are not plain
  if (last - module >= 5 && load<u32>(module) == 0x70617473 && load<u8>(module, 4) == 0x5f) return 0;
  const isKernel = last - module == 6 && load<u32>(module) == 0x6e72656b && load<u16>(module, 4) == 0x6c65;
  if (isKernel && !isHigh) return 0;
  symbolStart = from;
  symbolLength = <u32>(to - from);
  return end;
}

/**
 * Returns the start of the `+0xOFF/0xSIZE` that ends at `blank`; a start before `from` or 0 if anything else precedes
 * `blank`. Nearly always, it is shorter than 32 bytes. Then it is found without a loop, whose end the CPU would mispredict
 * for each line.
 */
function startOfOffset(from: usize, blank: usize): usize {
  const start = blank - 32;
  const a = v128.load(start);
  const b = v128.load(start, 16);
  const pluses = positionsOf(PLUS, a, b);
  const slashes = positionsOf(SLASH, a, b);
  if (pluses == 0 || slashes == 0) return startOfLongOffset(from, blank);
  const plus = 31 - clz<u32>(pluses);
  const slash = 31 - clz<u32>(slashes);
  if (plus + 3 >= slash || slash + 3 >= 32) return 0;
  // from the plus on, everything but the two `x`, the plus and the slash must be a digit
  const others = ~(<u32>i8x16.bitmask(hexDigits(a)) | (<u32>i8x16.bitmask(hexDigits(b)) << 16));
  if (others >>> plus != ((5 << (slash - plus)) | 5)) return 0;
  const isOffset = load<u16>(start + plus, 1) == HEX_PREFIX && load<u16>(start + slash, 1) == HEX_PREFIX;
  return isOffset ? start + plus : 0;
}

/** Marks the positions of a byte in 32 bytes. */
// @ts-expect-error: an AssemblyScript decorator
@inline
function positionsOf(byte: u8, a: v128, b: v128): u32 {
  const found = i8x16.splat(byte);
  return <u32>i8x16.bitmask(i8x16.eq(a, found)) | (<u32>i8x16.bitmask(i8x16.eq(b, found)) << 16);
}

function startOfLongOffset(from: usize, blank: usize): usize {
  const size = beforeHexDigits(blank) - 2;
  // '/0x'
  if (size <= from || size + 3 == blank || (load<u32>(size) & 0xffffff) != 0x78302f) return 0;
  const plus = beforeHexDigits(size) - 2;
  // '+0x'
  return plus <= from || plus + 3 == size || (load<u32>(plus) & 0xffffff) != 0x78302b ? 0 : plus;
}

/** Whether a `+0x` begins between `from` and `to`. */
function hasOffset(from: usize, to: usize): bool {
  for (let at = from; at < to; at += 16) {
    let found = <u32>i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(PLUS)));
    for (; found != 0; found &= found - 1) {
      const plus = at + <usize>ctz<u32>(found);
      if (plus < to && load<u16>(plus, 1) == HEX_PREFIX) return true;
    }
  }
  return false;
}

/** Returns the position after the printable ASCII characters at `from`; a blank does not count as printable. */
function afterPrintable(from: usize): usize {
  for (let at = from; ; at += 16) {
    const bytes = v128.load(at);
    // as signed numbers, non-ASCII bytes are negative
    const others = v128.or(i8x16.lt_s(bytes, i8x16.splat(0x21)), i8x16.eq(bytes, i8x16.splat(0x7f)));
    const found = <u32>i8x16.bitmask(others);
    if (found != 0) return at + <usize>ctz<u32>(found);
  }
  return 0; // not reached
}
