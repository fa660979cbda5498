/** The form that nearly every frame of a trace has; see `src/plain-frame.ts`, which does the same. */

const HEX_PREFIX: u32 = 0x7830; // '0x'
const PLUS: u32 = 0x2b;

/** Where the symbol that was read last begins, and its length. */
export let symbolStart: usize = 0;
export let symbolLength: u32 = 0;

/**
 * Whether the line is ` 0xADDR : SYMBOL+0xOFF/0xSIZE [MODULE]`.
 *
 * @param address where the digits of its address begin
 * @param isHigh whether the address lies in the upper half of 64 bits
 */
export function readPlainFrame(line: usize, end: usize, address: usize, isHigh: bool): bool {
  const last = end - 1;
  if (address != line + 3 || load<u8>(line) != 32 || load<u8>(last) != 0x5d) return false;
  const colon = afterHexDigits(address);
  // ' : '
  if ((load<u32>(colon) & 0xffffff) != 0x203a20) return false;
  const from = colon + 3;
  if (from >= last || load<u16>(from) == HEX_PREFIX) return false;
  let to = last;
  while (to > from && (load<u8>(to) != PLUS || load<u16>(to + 1) != HEX_PREFIX)) to--;
  if (to == from || !isPrintable(from, to)) return false;
  const module = startOfModule(to);
  if (module == 0 || !isPrintable(module, last)) return false;
  // the module of the probe, and a kernel below 2^63
  if (last - module >= 5 && load<u32>(module) == 0x70617473 && load<u8>(module, 4) == 0x5f) return false;
  const isKernel = last - module == 6 && load<u32>(module) == 0x6e72656b && load<u16>(module, 4) == 0x6c65;
  if (isKernel && !isHigh) return false;
  symbolStart = from;
  symbolLength = <u32>(to - from);
  return true;
}

/** Where the module begins after `+0xOFF/0xSIZE [`; 0 if something else follows. */
function startOfModule(plus: usize): usize {
  const slash = afterHexDigits(plus + 3);
  // '/0x'
  if (slash == plus + 3 || (load<u32>(slash) & 0xffffff) != 0x78302f) return 0;
  const blank = afterHexDigits(slash + 3);
  // ' ['
  return blank == slash + 3 || load<u16>(blank) != 0x5b20 ? 0 : blank + 2;
}

/** The line end ends digits, too. */
function afterHexDigits(from: usize): usize {
  let to = from;
  while (isHexDigit(load<u8>(to))) to++;
  return to;
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function isHexDigit(byte: u8): bool {
  return (byte >= 48 && byte <= 57) || (byte >= 0x61 && byte <= 0x66);
}

/** ASCII without blanks and control characters. */
function isPrintable(from: usize, to: usize): bool {
  let left = <i32>(to - from);
  for (let at = from; left > 0; at += 16, left -= 16) {
    const bytes = v128.load(at);
    // of signed bytes those beyond ASCII are below 0
    const others = v128.or(i8x16.lt_s(bytes, i8x16.splat(0x21)), i8x16.eq(bytes, i8x16.splat(0x7f)));
    const mask = left >= 16 ? 0xffff : (1 << left) - 1;
    if ((i8x16.bitmask(others) & mask) != 0) return false;
  }
  return true;
}
