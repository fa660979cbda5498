const SPACE = 32;
const ZERO = 48;
const COLON = 58;
const MOST_DIGITS = 9;

/** The host prefix, `N: `, before each line of a trace from several hosts. */
export class HostPrefix {
  /** Whether the line is between unprefixed `#<` and `#>` lines, where a thread name can look like a prefix. */
  inFrame = false;
  /** The last line's host, and the number of digits in its prefix (0 without a prefix). */
  number = 0;
  digits = 0;
  /** Whether the host has changed and no line from the new host has been read yet. */
  fresh = false;

  /** Reads the prefix of the line `bytes[from … to − 1]`. Returns whether the previous line had another prefix. */
  read(bytes: Uint8Array, from: number, to: number): boolean {
    let [at, value] = [from, 0];
    for (; at < to && at - from <= MOST_DIGITS && !this.inFrame; at++) {
      const digit = bytes[at]! - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    const digits = at - from;
    const ends = at + 2 <= to && bytes[at] === COLON && bytes[at + 1] === SPACE;
    const isPrefix = digits > 0 && digits <= MOST_DIGITS && ends;
    const [number, length] = isPrefix ? [value, digits] : [0, 0];
    const isOther = number !== this.number || length !== this.digits;
    [this.number, this.digits] = [number, length];
    return isOther;
  }

  /** Length of the last line's prefix in bytes (0 without a prefix). */
  get length(): number {
    return this.digits === 0 ? 0 : this.digits + 2;
  }

  reset(): void {
    this.inFrame = this.fresh = false;
    this.number = this.digits = 0;
  }
}
