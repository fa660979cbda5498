import { createScanner, type ScannerChoice } from './create.ts';
import { Stop, type LineScanner, type ScannerOptions } from './scanner.ts';

const LF = 10;

/** Receives lines for a parser. */
export interface LineHandler {
  /** Receives known lines and marks in order: the first `count` tokens. */
  readTokens(tokens: Uint32Array, count: number): void;
  /** Returns the word for event lines of this kind, or `undefined` to skip the line. */
  readEvent?(text: string): number | undefined;
  /** Reads an unknown line. Returns the word for this line from now on, or `undefined` to skip it. */
  readLine(text: string): number | undefined;
  /** Called if a line cannot be read: it is over the limit, or contains a zero byte, as in a hole in a file. */
  readBroken(reason: 'long-line' | 'control-byte'): void;
}

/** Reads the lines of one text after another with a scanner: bytes in, calls to a handler out. */
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

  /** Room for the next bytes: write them at its start, then call {@link advance}. */
  space(): Uint8Array {
    return this.#scanner.space();
  }

  /** Reads `length` bytes that were written into {@link space}. The text may be cut anywhere. */
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

  /** Ends the text; the next bytes belong to another one. The bytes after its last line end are read as a line. */
  endInput(): void {
    if (this.#scanner.pending() > 0) {
      this.#atEnd = true;
      this.space()[0] = LF;
      this.#scan(1);
      this.#atEnd = false;
    }
    this.#scanner.restart();
  }

  /** Whether the line being read has no line end, so that the text may have been cut off. */
  get atEnd(): boolean {
    return this.#atEnd;
  }

  /** Number of bytes in all texts read so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Byte offset of the line being read. */
  get offset(): number {
    return this.#scanner.base() + this.#scanner.position();
  }

  /** Forgets all lines, so that words may get another meaning. */
  forget(): void {
    this.#scanner.forget();
  }
}
