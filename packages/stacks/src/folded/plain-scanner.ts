import type { StackBuilder } from '../builder.ts';
import { FrameList } from '../frames.ts';
import {
  BATCH_FRAMES,
  countOf,
  MAX_LINE,
  MAX_NAME_BYTES,
  MAX_NAMES,
  Stop,
  type FoldedScanner,
  type StopCode,
} from './scanner.ts';
import { nameToLabel } from './name-to-label.ts';

const PIECE = 1 << 16;
const LINE_FEED = 0x0a;
const HASH = 0x23;
const SPACE = 0x20;
const SEMICOLON = 0x3b;
const UNDERSCORE = 0x5f;
const DOT = 0x2e;
const ZERO = 0x30;
const PLUS = 0x2b;
const MINUS = 0x2d;
const LETTER_E = 0x65;
const LOWER_CASE = 0x20;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

const decoder = new TextDecoder();

/** The plain TypeScript scanner, which is used where WebAssembly cannot run. Read it before the WebAssembly scanner. */
export class PlainScanner implements FoldedScanner {
  #buffer: Uint8Array = new Uint8Array(PIECE * 2);
  // positions in the buffer: start of the next line, end of the part searched for its line feed, end of the input
  #start = 0;
  #searched = 0;
  #end = 0;
  #atStart = true;
  #other: Uint8Array = this.#buffer.subarray(0, 0);
  lines = 0;
  hasPairs = false;
  table: FrameList = new FrameList();
  #ids = new Map<string, number>();
  #nameBytes = 0;
  #frames: number[] = [];
  #ends: number[] = [];
  #first: number[] = [];
  #second: number[] = [];

  space(): Uint8Array {
    const left = this.#end - this.#start;
    const target = left + PIECE > this.#buffer.length ? new Uint8Array((left + PIECE) * 2) : this.#buffer;
    target.set(this.#buffer.subarray(this.#start, this.#end));
    this.#searched -= this.#start;
    this.#start = 0;
    this.#end = left;
    this.#buffer = target;
    return target.subarray(left, left + PIECE);
  }

  advance(length: number): void {
    this.#end += length;
  }

  pending(): number {
    return this.#end - this.#start;
  }

  restart(): void {
    this.#atStart = true;
  }

  scan(): StopCode {
    for (;;) {
      if (this.#frames.length >= BATCH_FRAMES) return Stop.FULL;
      const found = this.#buffer.subarray(0, this.#end).indexOf(LINE_FEED, this.#searched);
      const lineEnd = found < 0 ? this.#end : found;
      this.#searched = lineEnd;
      if (lineEnd - this.#start > MAX_LINE) return Stop.LONG_LINE;
      if (found < 0) return Stop.INPUT;
      let from = this.#start;
      this.#start = this.#searched = lineEnd + 1;
      this.lines++;
      if (this.#atStart) {
        this.#atStart = false;
        if (lineEnd - from >= 3 && BYTE_ORDER_MARK.every((byte, i) => this.#buffer[from + i] === byte))
          from += 3;
      }
      if (!this.#readLine(from, lineEnd)) return Stop.OTHER;
    }
  }

  /** Reads a line such as `name;name name;name 12 34` from its end, because names may contain blanks. */
  #readLine(from: number, lineTo: number): boolean {
    const bytes = this.#buffer;
    const to = this.#trimEnd(from, lineTo);
    this.#other = bytes.subarray(from, to);
    const secondFrom = this.#startOfCount(from, to) || this.#startOfExponential(from, to);
    if (secondFrom === 0 || (bytes[from] === HASH && bytes[from + 1] === SPACE)) return false;
    let stackTo = this.#trimEnd(from, secondFrom);
    if (stackTo === from) return false;
    const second = this.#valueOf(secondFrom, to);
    let first = second;
    const firstFrom = this.#startOfCount(from, stackTo);
    const firstTo = firstFrom === 0 ? from : this.#trimEnd(from, firstFrom);
    const isPair = firstTo > from; // otherwise the first number is the stack, as in `42 7`
    if (isPair) {
      first = this.#valueOf(firstFrom, stackTo);
      stackTo = firstTo;
      // replace the blank before a number at the end of a leaf; otherwise, the number would be read as a count
      const number = this.#startOfCount(from, stackTo);
      if (number > 0) bytes[number - 1] = UNDERSCORE;
    }
    if (Number.isNaN(first) || Number.isNaN(second)) return false;
    this.hasPairs ||= isPair;
    this.#addStack(from, stackTo);
    this.#first.push(first);
    this.#second.push(second);
    return true;
  }

  #addStack(from: number, to: number): void {
    const ids: number[] = [];
    for (let begin = from, at = from; at <= to; at++) {
      if (at < to && this.#buffer[at] !== SEMICOLON) continue;
      ids.push(this.#idOf(this.#buffer.subarray(begin, at)));
      begin = at + 1;
    }
    for (const id of ids.reverse()) this.#frames.push(id);
    this.#ends.push(this.#frames.length);
  }

  #idOf(bytes: Uint8Array): number {
    const label = nameToLabel(bytes);
    let id = this.#ids.get(label);
    if (id === undefined) {
      this.#ids.set(label, (id = this.table.add({ label })));
      this.#nameBytes += bytes.length;
    }
    return id;
  }

  #trimEnd(from: number, to: number): number {
    let end = to;
    while (end > from && isBlank(this.#buffer[end - 1]!)) end--;
    return end;
  }

  /**
   * Returns the start of the decimal number (such as `6.`) that ends at `to` and follows a blank, or 0 if none does.
   */
  #startOfCount(from: number, to: number): number {
    const bytes = this.#buffer;
    let at = to;
    let dot = 0;
    for (; at > from; at--) {
      const byte = bytes[at - 1]!;
      if (isDigit(byte)) continue;
      if (byte !== DOT || dot > 0) break;
      dot = at;
    }
    // `at` is the position of the first digit or the dot
    if (at <= from || at === to || dot === at + 1) return 0;
    return isBlank(bytes[at - 1]!) ? at : 0;
  }

  /**
   * Like #startOfCount, for a number with an exponent, such as `3e2`. Awk and Python print very large and very small
   * numbers this way.
   */
  #startOfExponential(from: number, to: number): number {
    const bytes = this.#buffer;
    let at = to;
    while (at > from && isDigit(bytes[at - 1]!)) at--;
    if (at === to || at <= from) return 0;
    if (bytes[at - 1] === PLUS || bytes[at - 1] === MINUS) at--;
    return at > from && (bytes[at - 1]! | LOWER_CASE) === LETTER_E ? this.#startOfCount(from, at - 1) : 0;
  }

  #valueOf(from: number, to: number): number {
    return countOf(decoder.decode(this.#buffer.subarray(from, to)));
  }

  other(): Uint8Array {
    return this.#other;
  }

  get waiting(): number {
    return this.#frames.length;
  }

  moveTo(builder: StackBuilder): void {
    builder.addAll(
      Uint32Array.from(this.#frames.splice(0)),
      Uint32Array.from(this.#ends.splice(0)),
      Float64Array.from(this.#first.splice(0)),
      Float64Array.from(this.#second.splice(0)),
    );
  }

  get tableIsFull(): boolean {
    return this.table.size >= MAX_NAMES || this.#nameBytes >= MAX_NAME_BYTES;
  }

  renewTable(): void {
    this.table = new FrameList();
    this.#ids = new Map();
    this.#nameBytes = 0;
  }
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte < ZERO + 10;
}

/** Whether a byte is a space, a TAB or a line end. */
function isBlank(byte: number): boolean {
  return byte === SPACE || (byte >= 0x09 && byte <= 0x0d);
}
