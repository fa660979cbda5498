import { countNumbers } from './line-parts.ts';
import { Token } from './scanner.ts';

const SPACE = 32;

/** Reads framing lines: `#< CPU NANOSECONDS`, `#> CPU NANOSECONDS` and `#. NANOSECONDS`. */
export class Framing {
  /** The numbers in the last `#<` line, kept for comparison. */
  #open: Uint8Array = new Uint8Array(0);

  /**
   * Returns the token for the line `bytes[start … end − 1]`, which must begin with `#`. Returns 0 if the line has no
   * token, and −1 if it is not a framing line.
   */
  read(bytes: Uint8Array, start: number, end: number): number {
    const kind = bytes[start + 1];
    const from = start + 3;
    if (bytes[from - 1] !== SPACE || from >= end) return -1;
    const numbers = countNumbers(bytes, from, end);
    if (kind === 0x2e && numbers === 1) return 0;
    if (numbers !== 2) return -1;
    if (kind === 0x3c) {
      this.#open = bytes.slice(from, end);
      return Token.OPEN;
    }
    if (kind !== 0x3e) return -1;
    const open = this.#open;
    const isSame = open.length === end - from && open.every((byte, i) => byte === bytes[from + i]);
    return isSame ? Token.CLOSE : Token.STRAY_CLOSE;
  }

  /** Starts a new input. */
  reset(): void {
    this.#open = new Uint8Array(0);
  }
}
