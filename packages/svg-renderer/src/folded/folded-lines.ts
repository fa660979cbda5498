import { lineTooLong } from '../errors.ts';
import type { OtherLines } from './other-lines.ts';

/** Takes one stack: its bytes `root;…;leaf` are `bytes[from … to)`, to be copied where they are kept. */
export type OnStack = (
  bytes: Uint8Array,
  from: number,
  to: number,
  /** The last count. */
  weight: number,
  /** The last count minus the one before it, where there are two; else 0. */
  change: number,
  /** Number of the line, from 1. */
  line: number,
) => void;

const NEWLINE = 0x0a;
const SPACE = 0x20;
const HASH = 0x23;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
/** More digits may not fit a number exactly. */
const EXACT_DIGITS = 15;

/**
 * Reads folded text, cut anywhere. Bytes, not strings: a line costs a search for its end and a look at its
 * count, and names become strings only once they are drawn.
 */
export class FoldedLines {
  readonly #onStack: OnStack;
  readonly #decoder = new TextDecoder();
  /** The line that is not yet whole. */
  #rest: Uint8Array = new Uint8Array(1 << 12);
  #restLength = 0;
  #line = 0;
  readonly #maxLineLength: number;
  readonly #others: OtherLines;

  constructor(onStack: OnStack, maxLineLength: number, others: OtherLines) {
    this.#maxLineLength = maxLineLength;
    this.#others = others;
    this.#onStack = onStack;
  }

  push(bytes: Uint8Array): void {
    let from = 0;
    if (this.#restLength > 0) {
      const end = bytes.indexOf(NEWLINE);
      this.#keep(end < 0 ? bytes : bytes.subarray(0, end));
      if (end < 0) return;
      this.#endRest();
      from = end + 1;
    }
    for (let to = bytes.indexOf(NEWLINE, from); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
      this.#readLine(bytes, from, to);
      from = to + 1;
    }
    if (from < bytes.length) this.#keep(bytes.subarray(from));
  }

  /** The input ends here; a last line without line end counts. */
  end(): void {
    if (this.#restLength > 0) this.#endRest();
  }

  #endRest(): void {
    const length = this.#restLength;
    this.#restLength = 0;
    this.#readLine(this.#rest, 0, length);
  }

  #keep(bytes: Uint8Array): void {
    const length = this.#restLength + bytes.length;
    if (length > this.#maxLineLength) throw lineTooLong(this.#line + 1, this.#maxLineLength);
    if (length > this.#rest.length) {
      const larger = new Uint8Array(Math.max(length, this.#rest.length * 2));
      larger.set(this.#rest.subarray(0, this.#restLength));
      this.#rest = larger;
    }
    this.#rest.set(bytes, this.#restLength);
    this.#restLength = length;
  }

  /** `name;name name;name 12 34\r`: the counts are found from the end, so that names may hold spaces. */
  #readLine(bytes: Uint8Array, from: number, end: number): void {
    this.#line++;
    const last = trimEnd(bytes, from, end);
    const countFrom = startOfCount(bytes, from, last);
    const to = trimEnd(bytes, from, countFrom);
    if (countFrom < 0 || to === from || (bytes[from] === HASH && bytes[from + 1] === SPACE)) {
      this.#others.add(bytes.subarray(from, last), this.#line);
      return;
    }
    const weight = this.#count(bytes, countFrom, last);
    const firstFrom = startOfCount(bytes, from, to);
    const firstTo = firstFrom < 0 ? from : trimEnd(bytes, from, firstFrom);
    if (firstTo === from) this.#onStack(bytes, from, to, weight, 0, this.#line);
    else this.#onStack(bytes, from, firstTo, weight, weight - this.#count(bytes, firstFrom, to), this.#line);
  }

  #count(bytes: Uint8Array, from: number, to: number): number {
    let value = 0;
    for (let i = from; i < to; i++) {
      const byte = bytes[i]!;
      if (byte === DOT || to - from > EXACT_DIGITS)
        return Number(this.#decoder.decode(bytes.subarray(from, to)));
      value = value * 10 + (byte - ZERO);
    }
    return value;
  }
}

/** End without blanks and carriage returns. */
function trimEnd(bytes: Uint8Array, from: number, to: number): number {
  let end = to;
  while (end > from && isBlank(bytes[end - 1]!)) end--;
  return end;
}

/** Where the decimal number that ends at `to` begins, after a blank; -1 where there is none. */
function startOfCount(bytes: Uint8Array, from: number, to: number): number {
  let at = to - 1;
  let dot = -1;
  for (; at > from; at--) {
    const byte = bytes[at]!;
    if (byte >= ZERO && byte <= NINE) continue;
    if (byte !== DOT || dot >= 0 || at === to - 1) break;
    dot = at;
  }
  const isCount = at >= from && at < to - 1 && isBlank(bytes[at]!) && dot !== at + 1;
  return isCount ? at + 1 : -1;
}

/** Space, tab and the line ends; other control characters may be part of a name. */
function isBlank(byte: number): boolean {
  return byte === SPACE || (byte >= 0x09 && byte <= 0x0d);
}
