/** Finds the parts of a line: counts, the numbers in framing lines, and addresses. */

const TAB = 9;
const SPACE = 32;
const ZERO = 48;
const COLON = 58;
const X = 120;

/** Maximum number of digits. A double may not hold a longer count exactly, so the scanner leaves it to the reader. */
const COUNT_DIGITS = 15;
const FRAMING_DIGITS = 20;
const ADDRESS_DIGITS = 16;

/** Reads a count line: white space, decimal digits and optional white space. Returns −1 for any other line. */
export function readCount(bytes: Uint8Array, start: number, end: number): number {
  const from = afterBlanks(bytes, start, end);
  let to = from;
  let value = 0;
  for (; to < end && isDigit(bytes[to]!); to++) value = value * 10 + bytes[to]! - ZERO;
  const isCount =
    from > start && to > from && to - from <= COUNT_DIGITS && afterBlanks(bytes, to, end) === end;
  return isCount ? value : -1;
}

/**
 * If the rest of the line consists of decimal numbers separated by single spaces, returns how many there are.
 * Otherwise, returns 0.
 */
export function countNumbers(bytes: Uint8Array, from: number, end: number): number {
  let numbers = 1;
  let digits = 0;
  for (let i = from; i < end; i++) {
    const byte = bytes[i]!;
    if (isDigit(byte)) digits++;
    else if (byte === SPACE && digits > 0) {
      numbers++;
      digits = 0;
    } else return 0;
    if (digits > FRAMING_DIGITS || numbers > 2) return 0;
  }
  return digits > 0 ? numbers : 0;
}

/** The start and the end of an address's digits. */
export interface Address {
  readonly from: number;
  readonly to: number;
}

/**
 * Finds the address, beginning with `0x`, at the start of a line. Two kinds of address are excluded: address 0, because
 * there is no code there, and an address alone after a TAB, because it may be a damaged count.
 */
export function readAddress(bytes: Uint8Array, start: number, end: number): Address | undefined {
  const zero = afterBlanks(bytes, start, end);
  const from = zero + 2;
  if (from > end || bytes[zero] !== ZERO || bytes[zero + 1] !== X) return undefined;
  const to = afterHexDigits(bytes, from, end);
  const digits = to - from;
  if (digits === 0 || digits > ADDRESS_DIGITS) return undefined;
  if ((digits === 1 && bytes[from] === ZERO) || (to === end && bytes[start] === TAB)) return undefined;
  return { from, to };
}

/** Finds the address in a line such as `  ffffffff81000010 do_syscall_64+0x5d ([kernel.kallsyms])`. */
export function readBareAddress(bytes: Uint8Array, start: number, end: number): Address | undefined {
  const from = afterBlanks(bytes, start, end);
  const to = afterHexDigits(bytes, from, end);
  const digits = to - from;
  if (from === start || digits === 0 || digits > ADDRESS_DIGITS) return undefined;
  return to === end || bytes[to] !== SPACE ? undefined : { from, to };
}

/** Whether the address is in the upper half of the 64-bit range. */
export function isKernelAddress(bytes: Uint8Array, { from, to }: Address): boolean {
  return to - from === ADDRESS_DIGITS && bytes[from]! >= 0x38;
}

/** Returns the end of the address or, if the address is repeated (` 0xA : 0xA [MODULE+…]`), the end of the repeat. */
export function afterOwnAddress(bytes: Uint8Array, { from, to }: Address, end: number): number {
  const second = to + 5;
  const after = second + (to - from);
  if (after > end || (after < end && bytes[after] !== SPACE)) return to;
  if (bytes[to] !== SPACE || bytes[to + 1] !== COLON || bytes[to + 2] !== SPACE) return to;
  if (bytes[to + 3] !== ZERO || bytes[to + 4] !== X) return to;
  for (let i = 0; i < to - from; i++) if (bytes[from + i] !== bytes[second + i]) return to;
  return after;
}

/** Returns the position after the white space at `from`. */
function afterBlanks(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
  return at;
}

function afterHexDigits(bytes: Uint8Array, from: number, end: number): number {
  let to = from;
  while (to < end && isHexDigit(bytes[to]!)) to++;
  return to;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte < COLON;
}

function isHexDigit(byte: number): boolean {
  return isDigit(byte) || (byte >= 0x61 && byte <= 0x66);
}
