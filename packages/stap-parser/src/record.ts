import { LineKind } from './line-kind.ts';
import type { Damage } from './summary.ts';

/** The kinds of lines that are frames. */
export const FRAMES: number = LineKind.USER | LineKind.KERNEL | LineKind.NOISE;

/** Maximum number of lines whose memory a cleared record keeps. There may be thousands of records, one per host. */
const KEPT_LINES = 256;
const NO_LINES = new Uint32Array(0);

/** Number of lines that may still be added to open records. All hosts in a trace share this budget. */
export interface LineBudget {
  left: number;
}

/** The state of the framing lines around a record. */
export type Framing = 'none' | 'open' | 'closed' | 'broken';

/** The record that is being read: the lines since the last count line. */
export class OpenRecord {
  /** The lines' tokens, in trace order. */
  lines: Uint32Array = NO_LINES;
  length = 0;
  /** The lines' kinds: their tokens combined with OR. */
  seen = 0;
  /** The byte offset where the record begins. */
  start = 0;
  /** The first damage found in the record. */
  damage: Damage | undefined;
  /** A record in the state `closed` is complete: it began with one `#<` and ended with one matching `#>`. */
  framing: Framing = 'none';
  /** The last line's kernel address, if the line did not come through the scanner. */
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

  /** Reserves room for `lines` lines, and returns how many fit. If not all of them fit, marks the record as damaged. */
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

  /** Whether nothing has been added to the record yet. */
  get empty(): boolean {
    return this.length === 0 && this.damage === undefined && this.framing === 'none';
  }

  /** Whether the record would be truncated if the input ended here. Unrecognised lines alone do not make a record. */
  get begun(): boolean {
    return (this.seen & FRAMES) !== 0 || this.damage !== undefined || this.framing !== 'none';
  }

  /** Clears the record. The next record begins at this byte offset. */
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
