/** Reads marks, which are count lines and the lines that frame a record. */
import { Host } from './host';
import { input } from './memory';
import { Input, Kernel } from './state';
import { TOKEN_CLOSE, TOKEN_COUNT, TOKEN_OPEN, TOKEN_STRAY_CLOSE, emit } from './tokens';

/** Maximum number of digits. A double may not hold a longer count exactly, so the scanner leaves it to the reader. */
const COUNT_DIGITS: u32 = 15;

/** The numbers in the last `#<` line, kept for comparison: at most two numbers of 20 digits each. */
const open: usize = memory.data(64);
let openLength: u32 = 0;

export function forgetOpen(): void {
  openLength = 0;
}

/** Reads a count line: white space, decimal digits and optional white space. */
export function readCount(): bool {
  const from = afterBlanks(Input.text);
  let to = from;
  let value: u64 = 0;
  for (; to < Input.lineEnd; to++) {
    const digit = <u32>load<u8>(to) - 48;
    if (digit > 9) break;
    value = value * 10 + digit;
  }
  if (to == from || <u32>(to - from) > COUNT_DIGITS || afterBlanks(to) != Input.lineEnd) return false;
  Kernel.valid = Host.fresh = false;
  Host.inFrame = false;
  emit(TOKEN_COUNT);
  emit(<u32>value);
  emit(<u32>(value >>> 32));
  emit(<u32>(Input.next - input));
  return true;
}

/** Reads `#< CPU NANOSECONDS`, `#> CPU NANOSECONDS` or `#. NANOSECONDS`. */
export function readFraming(): bool {
  const from = Input.text + 3;
  if (from >= Input.lineEnd || load<u8>(from - 1) != 32) return false;
  const kind = load<u8>(Input.text + 1);
  const numbers = countNumbers(from);
  if (kind == 0x2e && numbers == 1) return true;
  if (numbers != 2) return false;
  const length = <u32>(Input.lineEnd - from);
  if (kind == 0x3c) {
    memory.copy(open, from, length);
    openLength = length;
    emit(TOKEN_OPEN);
    emit(<u32>(Input.start - input));
    Host.inFrame = true;
    return true;
  }
  if (kind != 0x3e) return false;
  Host.inFrame = false;
  emit(length == openLength && memory.compare(open, from, length) == 0 ? TOKEN_CLOSE : TOKEN_STRAY_CLOSE);
  return true;
}

/**
 * If the rest of the line consists of decimal numbers separated by single spaces, returns how many there are.
 * Otherwise, returns 0. Two numbers take at most 41 bytes.
 */
function countNumbers(from: usize): i32 {
  let numbers = 1;
  let digits = 0;
  for (let at = from; at < Input.lineEnd; at++) {
    const byte = load<u8>(at);
    if (byte >= 48 && byte <= 57) digits++;
    else if (byte == 32 && digits > 0) {
      numbers++;
      digits = 0;
    } else return 0;
    if (digits > 20 || numbers > 2) return 0;
  }
  return digits > 0 ? numbers : 0;
}

/** Returns the position after the white space at `from`. */
export function afterBlanks(from: usize): usize {
  let at = from;
  while (at < Input.lineEnd && isBlank(load<u8>(at))) at++;
  return at;
}

// @ts-expect-error: an AssemblyScript decorator
@inline
export function isBlank(byte: u8): bool {
  return byte == 32 || byte == 9;
}
