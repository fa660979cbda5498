import { Form, KnownLines } from './known-lines.ts';
import { KnownSymbols } from './known-symbols.ts';

/** Once this many times as many lines as fit were not remembered, those that were have become rare. */
const MOST_PASSED = 16;
/** Tells the key of a line from a symbol. */
const KEYED = 4;

/**
 * What the plain scanner remembers: lines by their keys, and symbols. A key or a symbol is `bytes[from … to − 1]`, and
 * its form says what precedes it.
 */
export class LineMemory {
  readonly #lines: KnownLines;
  readonly #symbols: KnownSymbols | undefined;
  /** How many lines may be passed before those that are remembered have become rare. */
  readonly #mostPassed: number;
  /** How many lines with known symbols were not remembered, because there was no room. */
  #passed = 0;

  constructor(maxLines: number, maxSymbols: number, maxLineLength: number) {
    this.#lines = new KnownLines(maxLines, maxLineLength);
    if (maxSymbols > 0) this.#symbols = new KnownSymbols(maxSymbols);
    this.#mostPassed = maxLines * MOST_PASSED;
  }

  /** Whether many lines are not remembered, so that looking up the symbol first is quicker. */
  get isFull(): boolean {
    return this.#passed > 0;
  }

  /** The token of the line with this key, or −1. */
  find(bytes: Uint8Array, from: number, to: number, form: number): number {
    return this.#lines.find(bytes, from, to, form);
  }

  /** The token of a symbol, or 0. */
  findSymbol(bytes: Uint8Array, from: number, to: number, form: number): number {
    return this.#symbols?.find(bytes, from, to, form) ?? 0;
  }

  /** The token of a key that is kept like a symbol, or 0. */
  findHashed(bytes: Uint8Array, from: number, to: number, form: number): number {
    return this.findSymbol(bytes, from, to, form | KEYED);
  }

  addSymbol(bytes: Uint8Array, from: number, to: number, form: number, token: number): void {
    this.#symbols?.add(bytes, from, to, form, token);
  }

  /** Remembers a new line. */
  add(bytes: Uint8Array, from: number, to: number, form: number, token: number): void {
    const isFrame = form === Form.USER || form === Form.KERNEL;
    if (this.#symbols && isFrame && token !== 0 && !this.#lines.hasRoom(to - from)) {
      // among many lines, this one is kept like a symbol, so that it takes no other line's place
      this.#symbols.add(bytes, from, to, form | KEYED, token);
      this.learn(bytes, from, to, form, token);
    } else this.#keep(bytes, from, to, form, token);
  }

  /** Remembers a line with a known symbol if there is room, or if those that are remembered have become rare. */
  learn(bytes: Uint8Array, from: number, to: number, form: number, token: number): void {
    if (this.#lines.hasRoom(to - from) || ++this.#passed > this.#mostPassed)
      this.#keep(bytes, from, to, form, token);
  }

  /** Keeps the text of a line. If there is no room, all others are forgotten. */
  #keep(bytes: Uint8Array, from: number, to: number, form: number, token: number): void {
    if (!this.#lines.hasRoom(to - from)) this.#forgetLines();
    this.#lines.add(bytes, from, to, form, token);
  }

  #forgetLines(): void {
    this.#lines.clear();
    this.#passed = 0;
  }

  forget(): void {
    this.#forgetLines();
    this.#symbols?.clear();
  }
}
