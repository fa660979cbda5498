import { Stop, type StopCode } from './scanner.ts';

const LF = 10;
const CR = 13;
const FIRST_BUFFER = 1 << 17;

/** The plain scanner's input buffer, which finds one line after another. */
export class LineBuffer {
  /** The current line is `bytes[start … lineEnd − 1]`, without its line end. */
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(FIRST_BUFFER);
  start = 0;
  lineEnd = 0;
  /** The start of the next line. */
  next = 0;
  /** The offset of `bytes[0]` in the input. */
  base = 0;
  readonly #longest: number;
  #end = 0;
  /** How far the buffer has been searched for line feeds. */
  #searched = 0;
  /** Whether the rest of an overlong line is being skipped. */
  #inLongLine = false;

  /** @param longest the maximum line length in bytes */
  constructor(longest: number) {
    this.#longest = longest;
  }

  space(): Uint8Array {
    const capacity = this.bytes.length - 1; // the last byte is reserved for the sentinel
    const left = this.#end - this.start;
    // If a move within the buffer would copy more bytes than were read since the last move, the buffer is doubled
    // instead. This keeps the total number of copied bytes linear in the input size, wherever the input is split.
    if (this.start > 0 && left <= this.start) this.#moveTo(this.bytes);
    else if (capacity - this.#end < capacity >> 2) this.#moveTo(new Uint8Array(this.bytes.length * 2));
    return this.bytes.subarray(this.#end, this.bytes.length - 1);
  }

  #moveTo(target: Uint8Array<ArrayBuffer>): void {
    if (target === this.bytes) target.copyWithin(0, this.start, this.#end);
    else target.set(this.bytes.subarray(this.start, this.#end));
    this.bytes = target;
    this.base += this.start;
    this.#searched -= this.start;
    this.#end -= this.start;
    this.start = 0;
  }

  advance(length: number): void {
    this.#end += length;
  }

  /** Finds the end of the current line. An overlong line is reported as `LONG_LINE`, and treated as empty. */
  findLine(): StopCode {
    const { bytes } = this;
    bytes[this.#end] = LF; // sentinel
    for (;;) {
      const lineFeed = bytes.indexOf(LF, this.#searched);
      if (lineFeed === this.#end) return this.#needInput();
      this.#searched = this.next = lineFeed + 1;
      if (!this.#inLongLine) {
        this.lineEnd = lineFeed > this.start && bytes[lineFeed - 1] === CR ? lineFeed - 1 : lineFeed;
        return this.lineEnd - this.start > this.#longest ? this.#longLine(this.next) : Stop.LINE;
      }
      this.#inLongLine = false;
      this.endLine();
    }
  }

  #needInput(): StopCode {
    this.#searched = this.#end;
    if (this.#inLongLine) this.start = this.#end;
    else if (this.#end - this.start > this.#longest + 1) {
      this.#inLongLine = true;
      return this.#longLine(this.#end);
    }
    return Stop.INPUT;
  }

  #longLine(next: number): StopCode {
    this.next = next;
    this.lineEnd = this.start;
    return Stop.LONG_LINE;
  }

  /** Moves to the next line. */
  endLine(): void {
    this.start = this.next;
  }

  /** Number of bytes after the last line end. */
  get pending(): number {
    return this.#inLongLine ? 1 : this.#end - this.start;
  }

  /** Forgets the input read so far. */
  restart(): void {
    this.base = this.start = this.#end = this.#searched = 0;
    this.#inLongLine = false;
  }
}
