import { LineKind } from './frame-table.ts';
import { Token } from './tokenizer/tokenizer.ts';
import type { Damage } from './summary.ts';

/** Bits of `Record.seen`: what kinds of lines the record holds. */
export const Seen: Readonly<{ [kind in 'FRAME' | 'TEXT' | 'PROBE' | 'KERNEL' | 'SAME_ADDRESS']: number }> = {
  FRAME: 1 << LineKind.FRAME,
  TEXT: 1 << LineKind.TEXT,
  PROBE: 1 << LineKind.PROBE,
  KERNEL: 1 << LineKind.KERNEL,
  /** A kernel frame at the address of the line before it. */
  SAME_ADDRESS: 1 << 4,
};

/** Lines that make a record a stack. */
export const SEEN_FRAMES: number = Seen.FRAME | Seen.KERNEL | Seen.PROBE;

/** How far the frame around a record of our streaming dialect has come. */
export type Framing = 'none' | 'open' | 'closed' | 'broken';

/** The lines since the last count line. */
export class Record {
  /** Line ids in printed order, `Token.SAME_ADDRESS` on those at the kernel address of the line before. */
  ids: Uint32Array = new Uint32Array(256);
  length = 0;
  /** Bits of {@link Seen}. */
  seen = 0;
  /** Byte offset where the record begins. */
  start = 0;
  /** The first thing that makes it untrustworthy. */
  damage: Damage | undefined;
  /** `closed` is a whole record: it began with its one `#<` and ended with the one `#>` that matches. */
  framing: Framing = 'none';
  readonly #maxLines: number;

  constructor(maxLines: number) {
    this.#maxLines = maxLines;
  }

  /** Adds a line of the given `LineKind`. */
  add(id: number, kind: number): void {
    this.seen |= (1 << kind) | (id & Token.SAME_ADDRESS ? Seen.SAME_ADDRESS : 0);
    if (this.framing === 'closed') this.framing = 'broken';
    if (this.length === this.ids.length && !this.#grow()) return;
    this.ids[this.length++] = id;
  }

  #grow(): boolean {
    if (this.length >= this.#maxLines) {
      this.damage ??= { offset: this.start, reason: 'long-record' };
      return false;
    }
    const larger = new Uint32Array(Math.min(this.ids.length * 2, this.#maxLines));
    larger.set(this.ids);
    this.ids = larger;
    return true;
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

  /** More than lines of unknown form: if the input ends here it was cut. */
  get begun(): boolean {
    return (this.seen & SEEN_FRAMES) !== 0 || this.damage !== undefined || this.framing !== 'none';
  }

  /** The next record begins at this byte offset. */
  clear(start: number): void {
    this.length = 0;
    this.seen = 0;
    this.start = start;
    this.damage = undefined;
    this.framing = 'none';
  }
}
