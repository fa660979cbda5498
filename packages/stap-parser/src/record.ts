import { LineKind } from './line-kind.ts';
import type { Damage } from './summary.ts';

/** Kinds of lines that give a record a stack. */
export const FRAMES: number = LineKind.USER | LineKind.KERNEL | LineKind.NOISE;

/** A record that is cleared keeps room for this many lines: with thousands of hosts, each has a record. */
const KEPT_LINES = 256;
const NO_LINES = new Uint32Array(0);

/** How many more lines all open records together may take. All hosts of a trace share this count. */
export interface LineBudget {
  left: number;
}

/** How far the frame around a record of our streaming dialect has come. */
export type Framing = 'none' | 'open' | 'closed' | 'broken';

/** The lines since the last count line. */
export class OpenRecord {
  /** Tokens of the lines in printed order. */
  lines: Uint32Array = NO_LINES;
  length = 0;
  /** The kinds of all lines: their tokens, or-ed. */
  seen = 0;
  /** Byte offset where the record begins. */
  start = 0;
  /** The first reason not to trust it. */
  damage: Damage | undefined;
  /** `closed` is a complete record: it began with one `#<` and ended with one matching `#>`. */
  framing: Framing = 'none';
  /** The kernel address of the last line, if lines do not come through the scanner. */
  kernelAddress = '';
  readonly #budget: LineBudget;

  constructor(budget: LineBudget) {
    this.#budget = budget;
  }

  /** Adds the lines `tokens[from … to − 1]`. */
  add(tokens: Uint32Array, from: number, to: number): void {
    if (this.framing === 'closed') this.framing = 'broken';
    this.kernelAddress = '';
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

  /** Reserves room for `lines` lines and returns how many fit; marks the record as damaged if not all do. */
  #reserve(lines: number): number {
    const room = Math.min(lines, this.#budget.left);
    if (room < lines) this.damage ??= { offset: this.start, reason: 'long-record' };
    this.#budget.left -= room;
    if (this.length + room > this.lines.length) {
      const larger = new Uint32Array((this.length + room) * 2);
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

  /** Whether nothing has come yet. */
  get empty(): boolean {
    return this.length === 0 && this.damage === undefined && this.framing === 'none';
  }

  /** The record has more than lines of unknown form: if the input ends here, it was cut. */
  get begun(): boolean {
    return (this.seen & FRAMES) !== 0 || this.damage !== undefined || this.framing !== 'none';
  }

  /** The next record begins at this byte offset. */
  clear(start: number): void {
    this.#budget.left += this.length;
    if (this.lines.length > KEPT_LINES) this.lines = NO_LINES;
    this.length = 0;
    this.seen = 0;
    this.start = start;
    this.damage = undefined;
    this.framing = 'none';
    this.kernelAddress = '';
  }
}
