import { createScanner, type ScannerChoice } from './create.ts';
import { Stop, type LineScanner, type ScannerOptions } from './scanner.ts';

const LF = 10;

/** What a parser does with lines. */
export interface LineHandler {
  /** Receives known lines and marks in order: the first `count` tokens. */
  readTokens(tokens: Uint32Array, count: number): void;
  /** Returns the word for event lines of this kind, or `undefined` to skip the line. */
  readEvent?(text: string): number | undefined;
  /** Reads an unknown line; returns the word by which it is known from now on, or nothing to skip it. */
  readLine(text: string): number | undefined;
  /** A line cannot be read: it is over the limit, or contains a byte 0, as in a hole of a file. */
  readBroken(reason: 'long-line' | 'control-byte'): void;
}

/** Reads the lines of one text after the other through a scanner: bytes in, calls of a handler out. */
export class LineReader {
  readonly #scanner: LineScanner;
  readonly #handler: LineHandler;
  readonly #decoder = new TextDecoder();
  #atEnd = false;
  #bytes = 0;

  constructor(options: ScannerOptions, choice: ScannerChoice, handler: LineHandler) {
    this.#scanner = createScanner(options, choice);
    this.#handler = handler;
  }

  /** Where the next bytes are put: write at its start, then call {@link advance}. */
  space(): Uint8Array {
    return this.#scanner.space();
  }

  /** Reads `length` bytes that were put into {@link space}; the text may be cut anywhere. */
  advance(length: number): void {
    this.#bytes += length;
    this.#scan(length);
  }

  #scan(length: number): void {
    const scanner = this.#scanner;
    scanner.advance(length);
    for (;;) {
      const stop = scanner.scan();
      this.#handler.readTokens(scanner.tokens, scanner.tokenCount());
      scanner.clearTokens();
      if (stop === Stop.INPUT) return;
      if (stop === Stop.EVENT) this.#readEvent(scanner.line());
      else if (stop === Stop.LINE) this.#readLine(scanner.line());
      else if (stop === Stop.LONG_LINE) {
        this.#handler.readBroken('long-line');
        scanner.skip();
      }
    }
  }

  #readEvent(bytes: Uint8Array): void {
    this.#remember(this.#handler.readEvent?.(this.#decoder.decode(bytes)));
  }

  #readLine(bytes: Uint8Array): void {
    let word: number | undefined;
    if (bytes.includes(0)) this.#handler.readBroken('control-byte');
    else word = this.#handler.readLine(this.#decoder.decode(bytes));
    this.#remember(word);
  }

  #remember(word: number | undefined): void {
    if (word === undefined) this.#scanner.skip();
    else this.#scanner.remember(word);
  }

  /**
   * The text ends here, and the next bytes belong to another one. What comes after its last line end is read as a line.
   */
  endInput(): void {
    if (this.#scanner.pending() > 0) {
      this.#atEnd = true;
      this.space()[0] = LF;
      this.#scan(1);
      this.#atEnd = false;
    }
    this.#scanner.restart();
  }

  /** The line that is read has no line end: the text may have been cut off. */
  get atEnd(): boolean {
    return this.#atEnd;
  }

  /** Bytes of all texts so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Byte offset of the line that is read. */
  get offset(): number {
    return this.#scanner.base() + this.#scanner.position();
  }

  /** Forgets every line: words have another meaning from now on. */
  forget(): void {
    this.#scanner.forget();
  }
}
