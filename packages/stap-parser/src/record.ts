import { LineKind } from './line-kind.ts';
import type { Damage } from './summary.ts';

/** Kinds of lines that make a record a stack. */
export const FRAMES: number = LineKind.USER | LineKind.KERNEL | LineKind.NOISE;

/** How far the frame around a record of our streaming dialect has come. */
export type Framing = 'none' | 'open' | 'closed' | 'broken';

/** The lines since the last count line. */
export class OpenRecord {
  /** Tokens of the lines in printed order. */
  lines: Uint32Array = new Uint32Array(256);
  length = 0;
  /** All tokens or-ed: their kinds. */
  seen = 0;
  /** Byte offset where the record begins. */
  start = 0;
  /** The first thing that makes it untrustworthy. */
  damage: Damage | undefined;
  /** `closed` is a whole record: it began with its one `#<` and ended with the one `#>` that matches. */
  framing: Framing = 'none';
  /** The kernel address of the last line, where lines do not come through the scanner. */
  kernelAddress = '';
  readonly #maxLines: number;

  constructor(maxLines: number) {
    this.#maxLines = maxLines;
  }

  /** Adds the lines `tokens[from … to − 1]`. */
  add(tokens: Uint32Array, from: number, to: number): void {
    if (this.framing === 'closed') this.framing = 'broken';
    const room = this.#reserve(to - from);
    let { length, seen } = this;
    for (let i = from; i < from + room; i++) {
      const token = tokens[i]!;
      seen |= token;
      this.lines[length++] = token;
    }
    this.length = length;
    this.seen = seen;
  }

  /** How many of so many lines may be added; fewer damage the record. */
  #reserve(lines: number): number {
    const room = Math.min(lines, this.#maxLines - this.length);
    if (room < lines) this.damage ??= { offset: this.start, reason: 'long-record' };
    if (this.length + room > this.lines.length) {
      const larger = new Uint32Array(Math.min((this.length + room) * 2, this.#maxLines));
      larger.set(this.lines);
      this.lines = larger;
    }
    return room;
  }

  /** `#<` at this byte offset. */
  open(offset: number): void {
    const first = this.framing === 'none' && this.length === 0;
    if (first) this.start = offset;
    this.framing = first ? 'open' : 'broken';
  }

  /** `#>` that matches the last `#<`. */
  close(): void {
    this.framing = this.framing === 'open' ? 'closed' : 'broken';
  }

  /** `#>` that matches no `#<`. */
  strayClose(): void {
    this.framing = 'broken';
  }

  /** Nothing has come yet. */
  get empty(): boolean {
    return this.length === 0 && this.damage === undefined && this.framing === 'none';
  }

  /** More than lines of unknown form: if the input ends here it was cut. */
  get begun(): boolean {
    return (this.seen & FRAMES) !== 0 || this.damage !== undefined || this.framing !== 'none';
  }

  /** The next record begins at this byte offset. */
  clear(start: number): void {
    this.length = 0;
    this.seen = 0;
    this.start = start;
    this.damage = undefined;
    this.framing = 'none';
    this.kernelAddress = '';
  }
}
