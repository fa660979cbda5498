/**
 * Reads plain frames. Nearly every frame in a trace has this format:
 *
 *      0xADDR : SYMBOL+0xOFF/0xSIZE [MODULE]
 *
 * Plain frames are read from their bytes, without creating a string. The scanner leaves all other frames to the parser.
 */

/** Whether a plain frame is user code or kernel code; `NONE` if the frame is not plain. */
export const Plain = { NONE: 0, USER: 1, KERNEL: 2 } as const;
export type PlainKind = (typeof Plain)[keyof typeof Plain];

const ZERO = 0x30;
const X = 0x78;
const SPACE = 0x20;
const COLON = 0x3a;
const PLUS = 0x2b;
const SLASH = 0x2f;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const KERNEL = [0x6b, 0x65, 0x72, 0x6e, 0x65, 0x6c] as const;
/** `stap_`, with which the name of the SystemTap probe's own module begins. */
const PROBE = [0x73, 0x74, 0x61, 0x70, 0x5f] as const;
const MOST_DIGITS = 16;

/** Reads plain frames. `from` and `to` are the start and the end of the last symbol. */
export class PlainFrameReader {
  from = 0;
  to = 0;

  /** Reads the frame in the line `bytes[line … lineEnd − 1]`. Returns `Plain.NONE` for any other line. */
  read(bytes: Uint8Array, line: number = 0, lineEnd: number = bytes.length): PlainKind {
    const last = lineEnd - 1;
    const address = line + 3;
    if (bytes[last] !== CLOSE || bytes[line] !== SPACE || bytes[line + 1] !== ZERO || bytes[line + 2] !== X)
      return Plain.NONE;
    const end = endOfDigits(bytes, address);
    const digits = end - address;
    if (digits === 0 || digits > MOST_DIGITS) return Plain.NONE;
    if (bytes[end] !== SPACE || bytes[end + 1] !== COLON || bytes[end + 2] !== SPACE) return Plain.NONE;
    const from = end + 3;
    if (bytes[from] === ZERO && bytes[from + 1] === X) return Plain.NONE;
    const to = endOfSymbol(bytes, from, last);
    if (to <= from) return Plain.NONE;
    const module = startOfModule(bytes, to, last);
    if (module < 0 || startsWith(bytes, module, PROBE)) return Plain.NONE;
    const isHigh = digits === MOST_DIGITS && bytes[address]! >= 0x38;
    // a kernel frame at an address below 2^63 is not plain, because the parser has to compare the addresses of such
    // lines
    if (!isHigh && last - module === KERNEL.length && startsWith(bytes, module, KERNEL)) return Plain.NONE;
    this.from = from;
    this.to = to;
    return isHigh ? Plain.KERNEL : Plain.USER;
  }
}

/** Returns the start of the last `+0x`, or −1 if the text before it is not printable ASCII without blanks. */
function endOfSymbol(bytes: Uint8Array, from: number, last: number): number {
  let to = last;
  while (to > from && (bytes[to] !== PLUS || bytes[to + 1] !== ZERO || bytes[to + 2] !== X)) to--;
  for (let i = from; i < to; i++) if (bytes[i]! <= SPACE || bytes[i]! > 0x7e) return -1;
  return to;
}

/**
 * Returns the start of the module, after `+0xOFF/0xSIZE [`. Returns −1 if other text precedes the module, or if the
 * module is not printable ASCII without blanks.
 */
function startOfModule(bytes: Uint8Array, plus: number, last: number): number {
  const slash = endOfDigits(bytes, plus + 3);
  if (slash === plus + 3 || bytes[slash] !== SLASH || bytes[slash + 1] !== ZERO || bytes[slash + 2] !== X)
    return -1;
  const end = endOfDigits(bytes, slash + 3);
  if (end === slash + 3 || bytes[end] !== SPACE || bytes[end + 1] !== OPEN) return -1;
  for (let i = end + 2; i < last; i++) if (bytes[i]! <= SPACE || bytes[i]! > 0x7e) return -1;
  return end + 2;
}

/** Returns the end of the lower-case hexadecimal digits that begin at `from`. */
function endOfDigits(bytes: Uint8Array, from: number): number {
  let to = from;
  for (;;) {
    const byte = bytes[to]!;
    if (!((byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66))) return to;
    to++;
  }
}

function startsWith(bytes: Uint8Array, at: number, prefix: readonly number[]): boolean {
  return prefix.every((byte, i) => bytes[at + i] === byte);
}
