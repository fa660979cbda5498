import { LineKind } from './line-kind.ts';
import type { Damage } from './summary.ts';

/** Kinds of lines that are frames. */
export const FRAMES: number = LineKind.USER | LineKind.KERNEL | LineKind.NOISE;

/** A cleared record keeps room for only this many lines, because thousands of hosts may each have a record. */
const KEPT_LINES = 256;
const NO_LINES = new Uint32Array(0);

/** The number of further lines that all open records together may take. All hosts in a trace share it. */
export interface LineBudget {
  left: number;
}

/** The state of the frame around a record in our streaming dialect. */
export type Framing = 'none' | 'open' | 'closed' | 'broken';

/** The lines since the last count line. */
export class OpenRecord {
  /** The lines' tokens, in printed order. */
  lines: Uint32Array = NO_LINES;
  length = 0;
  /** The kinds of all lines: their tokens, combined with OR. */
  seen = 0;
  /** Byte offset at which the record begins. */
  start = 0;
  /** The first reason not to trust the record. */
  damage: Damage | undefined;
  /** `closed` means a complete record: it began with one `#<` and ended with one matching `#>`. */
  framing: Framing = 'none';
  /** The last line's kernel address, if lines do not come through the scanner. */
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

  /** Reserves room for `lines` lines and returns how many fit. Marks the record as damaged if not all of them fit. */
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

  /** Handles a `#<` at this byte offset. */
  open(offset: number): void {
    const first = this.framing === 'none' && this.length === 0;
    if (first) this.start = offset;
    this.framing = first ? 'open' : 'broken';
  }

  /** Handles a `#>` that matches the last `#<`. */
  close(): void {
    this.framing = this.framing === 'open' ? 'closed' : 'broken';
  }

  /** Handles a `#>` that matches no `#<`. */
  strayClose(): void {
    this.framing = 'broken';
  }

  /** Whether nothing was added yet. */
  get empty(): boolean {
    return this.length === 0 && this.damage === undefined && this.framing === 'none';
  }

  /** Whether the record has more than lines with unknown forms. If the input ends here, the record is truncated. */
  get begun(): boolean {
    return (this.seen & FRAMES) !== 0 || this.damage !== undefined || this.framing !== 'none';
  }

  /** Clears the record; the next one begins at this byte offset. */
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
