import { Form, KnownLines } from './known-lines.ts';
import { KnownSymbols } from './known-symbols.ts';

/** After this many unremembered lines for each line that fits, the remembered lines are considered rare. */
const MOST_PASSED = 16;
/** Makes a line's key differ from a symbol. */
const KEYED = 4;

/**
 * The plain scanner's memory: lines by their keys, and symbols. A key or a symbol is `bytes[from … to − 1]`, and its
 * form says what precedes it.
 */
export class LineMemory {
  readonly #lines: KnownLines;
  readonly #symbols: KnownSymbols | undefined;
  /** The most unremembered lines before the remembered lines are considered rare. */
  readonly #mostPassed: number;
  /** Number of lines with known symbols that were not remembered, because there was no room. */
  #passed = 0;

  constructor(maxLines: number, maxSymbols: number, maxLineLength: number) {
    this.#lines = new KnownLines(maxLines, maxLineLength);
    if (maxSymbols > 0) this.#symbols = new KnownSymbols(maxSymbols);
    this.#mostPassed = maxLines * MOST_PASSED;
  }

  /** Whether lines go unremembered, so that looking up the symbol first is faster. */
  get isFull(): boolean {
    return this.#passed > 0;
  }

  /** The token for the line with this key, or −1. */
  find(bytes: Uint8Array, from: number, to: number, form: number): number {
    return this.#lines.find(bytes, from, to, form);
  }

  /** The token for a symbol, or 0. */
  findSymbol(bytes: Uint8Array, from: number, to: number, form: number): number {
    return this.#symbols?.find(bytes, from, to, form) ?? 0;
  }

  /** The token for a key that is kept like a symbol, or 0. */
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
      // the table is full, so this line is kept like a symbol, without displacing other lines
      this.#symbols.add(bytes, from, to, form | KEYED, token);
      this.learn(bytes, from, to, form, token);
    } else this.#keep(bytes, from, to, form, token);
  }

  /** Remembers a line with a known symbol if there is room, or if the remembered lines have become rare. */
  learn(bytes: Uint8Array, from: number, to: number, form: number, token: number): void {
    if (this.#lines.hasRoom(to - from) || ++this.#passed > this.#mostPassed)
      this.#keep(bytes, from, to, form, token);
  }

  /** Keeps a line's text. If there is no room, all other lines are forgotten. */
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
