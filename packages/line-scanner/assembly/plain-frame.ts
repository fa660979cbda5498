/** Reads plain frames, like `src/plain-frame.ts`. Nearly every frame in a trace is plain. */
import { afterHexDigits, beforeHexDigits } from './hex';

const HEX_PREFIX: u32 = 0x7830; // '0x'
const PLUS: u8 = 0x2b;

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
  const last = end - 1;
  if (address != line + 3 || load<u8>(line) != 32 || load<u8>(last) != 0x5d) return false;
  const colon = afterHexDigits(address);
  // ' : '
  if ((load<u32>(colon) & 0xffffff) != 0x203a20) return false;
  const from = colon + 3;
  if (from >= last || load<u16>(from) == HEX_PREFIX) return false;
  const blank = afterPrintable(from);
  // ' ['
  if (blank >= last || load<u16>(blank) != 0x5b20) return false;
  const module = blank + 2;
  if (afterPrintable(module) < last || hasOffset(module, last)) return false;
  const to = startOfOffset(from, blank);
  if (to <= from) return false;
  // frames in the module of the SystemTap probe itself, and kernel frames at addresses below 2^63, are not plain
  if (last - module >= 5 && load<u32>(module) == 0x70617473 && load<u8>(module, 4) == 0x5f) return false;
  const isKernel = last - module == 6 && load<u32>(module) == 0x6e72656b && load<u16>(module, 4) == 0x6c65;
  if (isKernel && !isHigh) return false;
  symbolStart = from;
  symbolLength = <u32>(to - from);
  return true;
}

/** Returns the start of the `+0xOFF/0xSIZE` that ends at `blank`, or 0 if anything else precedes `blank`. */
function startOfOffset(from: usize, blank: usize): usize {
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
