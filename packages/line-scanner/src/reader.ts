import { createScanner, type ScannerChoice } from './create.ts';
import { Stop, type LineScanner, type ScannerOptions } from './scanner.ts';

const LF = 10;

/** Handles the lines that a {@link LineReader} reads. A parser implements this interface. */
export interface LineHandler {
  /** Receives the known lines and the marks, in order, as the first `count` words of `tokens`. */
  readTokens(tokens: Uint32Array, count: number): void;
  /** Reads an unknown event line. Returns the token for lines like this one, or `undefined` to skip the line. */
  readEvent?(text: string): number | undefined;
  /** Reads an unknown line. Returns the token that stands for this line from now on, or `undefined` to skip it. */
  readLine(text: string): number | undefined;
  /** Called for a line that cannot be read: it is too long, or contains a zero byte (for example in a sparse file). */
  readBroken(reason: 'long-line' | 'control-byte'): void;
}

/** Reads the lines of one or more inputs with a scanner, and passes them to a handler. */
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

  /** Returns a buffer for input. Write the next bytes at its start, then call {@link advance}. */
  space(): Uint8Array {
    return this.#scanner.space();
  }

  /** Reads the `length` bytes written into {@link space}. The input may be split anywhere. */
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

  /** Ends the input, so that the next bytes begin a new one. Bytes after the last line end are read as a line. */
  endInput(): void {
    if (this.#scanner.pending() > 0) {
      this.#atEnd = true;
      this.space()[0] = LF;
      this.#scan(1);
      this.#atEnd = false;
    }
    this.#scanner.restart();
  }

  /** Whether the current line does not end in a line feed, which may mean that the input is truncated. */
  get atEnd(): boolean {
    return this.#atEnd;
  }

  /** Number of bytes in all inputs read so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Byte offset of the current line in its input. */
  get offset(): number {
    return this.#scanner.base() + this.#scanner.position();
  }

  /** Forgets all lines, so that their tokens can be used for other lines. */
  forget(): void {
    this.#scanner.forget();
  }
}
