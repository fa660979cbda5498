import { Form, KnownLines } from './known-lines.ts';
import { KnownSymbols } from './known-symbols.ts';

/**
 * Once the lines that could not be remembered outnumber those that fit into memory by this factor, the remembered lines
 * are considered rare and are forgotten.
 */
const MOST_PASSED = 64;
/** Added to a key's form so that the key differs from a symbol with the same text. */
const KEYED = 4;

/**
 * The lines and symbols that the plain scanner remembers. Lines are remembered by their keys. A key or a symbol is
 * passed as `bytes[from … to − 1]`, and its form says what precedes it in the line.
 */
export class LineMemory {
  readonly #lines: KnownLines;
  readonly #symbols: KnownSymbols | undefined;
  /** Once more lines than this could not be remembered, the remembered lines are considered rare. */
  readonly #mostPassed: number;
  /** Number of lines that have known symbols but could not be remembered because there was no room. */
  #passed = 0;

  constructor(maxLines: number, maxSymbols: number, maxLineLength: number) {
    this.#lines = new KnownLines(maxLines, maxLineLength);
    if (maxSymbols > 0) this.#symbols = new KnownSymbols(maxSymbols);
    this.#mostPassed = maxLines * MOST_PASSED;
  }

  /**
   * Whether some lines could not be remembered because there was no room. If so, it is faster to look up symbols first.
   */
  get isFull(): boolean {
    return this.#passed > 0;
  }

  /** Returns the token for the line with this key, or −1 if the line is not known. */
  find(bytes: Uint8Array, from: number, to: number, form: number): number {
    return this.#lines.find(bytes, from, to, form);
  }

  /** Returns the token for a symbol, or 0 if the symbol is not known. */
  findSymbol(bytes: Uint8Array, from: number, to: number, form: number): number {
    return this.#symbols?.find(bytes, from, to, form) ?? 0;
  }

  /** Returns the token for a key stored as a symbol, or 0 if the key is not known. */
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
      // the table is full: store this line as a symbol, so that no other lines have to be forgotten
      this.#symbols.add(bytes, from, to, form | KEYED, token);
      this.learn(bytes, from, to, form, token);
    } else this.#keep(bytes, from, to, form, token);
  }

  /** Remembers a line with a known symbol if there is room, or if the remembered lines have become rare. */
  learn(bytes: Uint8Array, from: number, to: number, form: number, token: number): void {
    if (this.#lines.hasRoom(to - from) || ++this.#passed > this.#mostPassed)
      this.#keep(bytes, from, to, form, token);
  }

  /** Remembers a line by its text. If there is no room for the text, forgets all other lines. */
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
