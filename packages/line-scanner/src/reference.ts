import { EventLine } from './event-line.ts';
import { HostPrefix } from './host-prefix.ts';
import { Form, KnownLines } from './known-lines.ts';
import { KnownSymbols } from './known-symbols.ts';
import {
  afterOwnAddress,
  countNumbers,
  isKernelAddress,
  readAddress,
  readBareAddress,
  readCount,
} from './line-parts.ts';
import { Plain, PlainFrameReader } from './plain-frame.ts';
import {
  HOST_KEPT,
  MAX_TOKEN_WORDS,
  Stop,
  Token,
  type LineScanner,
  type ScannerOptions,
  type StopCode,
} from './scanner.ts';

const LF = 10;
const CR = 13;
const TAB = 9;
const SPACE = 32;
const HASH = 35;

const FIRST_BUFFER = 1 << 17;
const TOKEN_WORDS = 1 << 14;
/** Once this many times as many lines as fit were not remembered, those that were have become rare. */
const MOST_PASSED = 16;
/** Tells the key of a line from a symbol. */
const KEYED = 4;

/**
 * The scanner to read. A line is known by what follows its address: return addresses repeat, but
 * processes loaded elsewhere have others, and a frame's name does not depend on it.
 *
 *      0x7f637f9362ec : __read+0x4c/0xa0 [/usr/lib/x86_64-linux-gnu/libc.so.6]
 *     ^address       ^key                                                     ^end
 */
export class ReferenceScanner implements LineScanner {
  readonly tokens: Uint32Array = new Uint32Array(TOKEN_WORDS);
  readonly #options: ScannerOptions;
  #count = 0;

  #buffer = new Uint8Array(FIRST_BUFFER);
  #base = 0;
  #start = 0;
  #end = 0;
  /** There is no line end between #start and here. */
  #searched = 0;
  /** Whether the rest of a line over the limit is being skipped. */
  #inLongLine = false;

  // the line at which scan() stopped
  #lineEnd = 0;
  #next = 0;
  /** Where it begins after the prefix of its host. */
  #text = 0;
  #addressStart = 0;
  #keyStart = 0;
  #form: number = Form.TEXT;
  #sameAddress = 0;

  readonly #known: KnownLines;
  readonly #symbols: KnownSymbols | undefined;
  readonly #plain = new PlainFrameReader();
  /** How many lines with known symbols were not remembered, because there was no room. */
  #passed = 0;
  readonly #event = new EventLine();
  readonly #host = new HostPrefix();
  #prefixed = false;

  // the last kernel address and the last `#<`, to compare with
  readonly #address = new Uint8Array(16);
  #addressValid = false;
  #open = new Uint8Array(0);

  constructor(options: ScannerOptions) {
    this.#options = options;
    this.#known = new KnownLines(options.maxLines, options.maxLineLength);
    if (options.maxSymbols) this.#symbols = new KnownSymbols(options.maxSymbols);
  }

  space(): Uint8Array {
    const capacity = this.#buffer.length - 1; // the last byte is room for the sentinel
    const left = this.#end - this.#start;
    // The number of bytes copied stays linear in the input, however a line is split: no move copies more than was
    // read since the last one, and otherwise the buffer doubles.
    if (this.#start > 0 && left <= this.#start) this.#moveTo(this.#buffer);
    else if (capacity - this.#end < capacity >> 2) this.#moveTo(new Uint8Array(this.#buffer.length * 2));
    return this.#buffer.subarray(this.#end, this.#buffer.length - 1);
  }

  #moveTo(target: Uint8Array<ArrayBuffer>): void {
    if (target === this.#buffer) target.copyWithin(0, this.#start, this.#end);
    else target.set(this.#buffer.subarray(this.#start, this.#end));
    this.#buffer = target;
    this.#base += this.#start;
    this.#searched -= this.#start;
    this.#end -= this.#start;
    this.#start = 0;
  }

  advance(length: number): void {
    this.#end += length;
  }

  scan(): StopCode {
    const buffer = this.#buffer;
    buffer[this.#end] = LF; // sentinel
    for (;;) {
      const lineFeed = buffer.indexOf(LF, this.#searched);
      if (lineFeed === this.#end) return this.#needInput();
      this.#searched = lineFeed + 1;
      if (this.#inLongLine) {
        this.#inLongLine = false;
        this.#start = lineFeed + 1;
        continue;
      }
      if (this.#count + MAX_TOKEN_WORDS > this.tokens.length) {
        this.#searched = lineFeed;
        return Stop.TOKENS;
      }
      this.#next = lineFeed + 1;
      this.#lineEnd = lineFeed > this.#start && buffer[lineFeed - 1] === CR ? lineFeed - 1 : lineFeed;
      if (this.#lineEnd - this.#start > this.#options.maxLineLength) return this.#longLine(this.#next);
      this.#text = this.#start;
      if (this.#prefixed) this.#readPrefix();
      if (!this.#readLine()) return this.#form === Form.EVENT ? Stop.EVENT : Stop.LINE;
      this.#start = this.#next;
    }
  }

  #needInput(): StopCode {
    this.#searched = this.#end;
    if (this.#inLongLine) this.#start = this.#end;
    else if (this.#end - this.#start > this.#options.maxLineLength + 1) {
      this.#inLongLine = true;
      return this.#longLine(this.#end);
    }
    return Stop.INPUT;
  }

  /** The line is skipped; position() still says where it began. */
  #longLine(next: number): StopCode {
    this.#addressValid = false;
    this.#next = next;
    this.#lineEnd = this.#text = this.#start;
    return Stop.LONG_LINE;
  }

  readPrefixes(): void {
    this.#prefixed = true;
  }

  #readPrefix(): void {
    const host = this.#host;
    const isOther = host.read(this.#buffer, this.#start, this.#lineEnd);
    this.#text += host.length;
    if (!isOther) return;
    const kept = host.fresh ? HOST_KEPT : 0;
    this.#emit(Token.HOST, host.number, host.digits | kept, this.#start, ...this.#addressHalves());
    host.fresh = true;
    this.#addressValid = false;
  }

  /** The last kernel address in two halves, or 0 and 0. */
  #addressHalves(): number[] {
    const digits = String.fromCharCode(...this.#address);
    const halves = [digits.slice(0, 8), digits.slice(8)];
    return halves.map((half) => (this.#addressValid ? Number.parseInt(half, 16) : 0));
  }

  /** Emits the line if its form or its text is known. */
  #readLine(): boolean {
    const buffer = this.#buffer;
    const start = this.#text;
    const end = this.#lineEnd;
    this.#keyByAllBytes();
    if (start === end) {
      if (!this.#options.blanks) return true;
      this.#addressValid = this.#host.fresh = false;
      this.#emit(Token.BLANK, this.#next);
      return true;
    }
    const first = buffer[start]!;
    if (first !== TAB && this.#isEvent()) return this.#lookUpEvent();
    if (this.#options.marks) {
      const count = readCount(buffer, start, end);
      if (count >= 0) this.#emitCount(count);
      if (count >= 0) return true;
      if (first === HASH && this.#host.digits === 0 && this.#readFraming()) return true;
    }
    this.#keyByAddress();
    return this.#lookUp();
  }

  #keyByAllBytes(): void {
    this.#keyStart = this.#text;
    this.#form = Form.TEXT;
    this.#sameAddress = 0;
  }

  #isEvent(): boolean {
    const { events = 'none' } = this.#options;
    return (
      events !== 'none' && this.#event.read(this.#buffer, this.#text, this.#lineEnd, events === 'thread')
    );
  }

  #lookUpEvent(): boolean {
    const { key, keyLength } = this.#event;
    this.#form = Form.EVENT;
    const token = this.#known.find(key, 0, keyLength, Form.EVENT);
    if (token >= 0) this.#emitEvent(token);
    return token >= 0;
  }

  #emitEvent(token: number): void {
    const { period } = this.#event;
    this.#emit(Token.EVENT, token, period >>> 0, Math.floor(period / 0x100000000));
    this.#addressValid = false;
  }

  #emitCount(count: number): void {
    this.#addressValid = this.#host.fresh = false;
    if (this.#host.digits === 0) this.#host.inFrame = false;
    this.#emit(Token.COUNT, count >>> 0, Math.floor(count / 0x100000000), this.#next);
  }

  /** `#< CPU NANOSECONDS`, `#> CPU NANOSECONDS`, `#. NANOSECONDS` */
  #readFraming(): boolean {
    const buffer = this.#buffer;
    const kind = buffer[this.#text + 1];
    const from = this.#text + 3;
    if (buffer[from - 1] !== SPACE || from >= this.#lineEnd) return false;
    const numbers = countNumbers(buffer, from, this.#lineEnd);
    if (kind === 0x2e && numbers === 1) return true;
    if (numbers !== 2) return false;
    if (kind === 0x3c) {
      this.#open = buffer.slice(from, this.#lineEnd);
      this.#host.inFrame = true;
      this.#emit(Token.OPEN, this.#start);
      return true;
    }
    if (kind !== 0x3e) return false;
    const open = this.#open;
    this.#host.inFrame = false;
    const same = open.length === this.#lineEnd - from && open.every((byte, i) => byte === buffer[from + i]);
    this.#emit(same ? Token.CLOSE : Token.STRAY_CLOSE);
    return true;
  }

  /** Finds where the key begins after the address, and whether it is the kernel address of the line before. */
  #keyByAddress(): void {
    const { addressForm, addresses } = this.#options;
    const [buffer, start, end] = [this.#buffer, this.#text, this.#lineEnd];
    const isBare = addressForm === 'bare';
    const address = isBare ? readBareAddress(buffer, start, end) : readAddress(buffer, start, end);
    if (!address) return;
    if (!addresses) this.#keyStart = isBare ? address.to : afterOwnAddress(buffer, address, end);
    this.#form = Form.USER;
    this.#addressStart = address.from;
    // it does not matter whose address a bare one is
    if (isBare || !isKernelAddress(buffer, address)) return;
    this.#form = Form.KERNEL;
    const isSame = this.#address.every((digit, i) => digit === buffer[address.from + i]);
    if (this.#addressValid && isSame) this.#sameAddress = Token.SAME_ADDRESS;
  }

  #lookUp(): boolean {
    // while many lines are not remembered, looking up the symbol is quicker
    if (this.#passed > 0 && this.#lookUpHashed()) return true;
    const token = this.#known.find(this.#buffer, this.#keyStart, this.#lineEnd, this.#form);
    if (token >= 0) this.#emitLine(token);
    return token >= 0 || (this.#form !== Form.TEXT && (this.#lookUpWhole() || this.#lookUpHashed()));
  }

  /** Looks for the last line among the symbols: by its symbol or, if it is not a plain frame, by its key. */
  #lookUpHashed(): boolean {
    if (this.#form === Form.TEXT || !this.#symbols) return false;
    const token = this.#readSymbol()
      ? this.#symbols.find(this.#buffer, this.#plain.from, this.#plain.to, this.#form)
      : this.#symbols.find(this.#buffer, this.#keyStart, this.#lineEnd, this.#form | KEYED);
    if (token !== 0) this.#learnLine(token);
    return token !== 0;
  }

  #readSymbol(): boolean {
    if (this.#form === Form.TEXT) return false;
    return this.#plain.read(this.#buffer, this.#text, this.#lineEnd) !== Plain.NONE;
  }

  /** Emits a line with a known symbol, and remembers it if there is room. */
  #learnLine(token: number): void {
    if (!this.#hasRoom() && ++this.#passed <= this.#options.maxLines * MOST_PASSED) this.#emitLine(token);
    else this.#keepLine(token);
  }

  #lookUpWhole(): boolean {
    const token = this.#known.find(this.#buffer, this.#text, this.#lineEnd, Form.TEXT);
    if (token < 0) return false;
    this.#keyByAllBytes();
    this.#emitLine(token);
    return true;
  }

  #emitLine(token: number): void {
    this.#addressValid = this.#form === Form.KERNEL;
    if (this.#addressValid)
      this.#address.set(this.#buffer.subarray(this.#addressStart, this.#addressStart + 16));
    if (this.#host.fresh && this.#addressValid) this.#emit(Token.ADDRESS, ...this.#addressHalves());
    this.#host.fresh = false;
    this.#emit(token | this.#sameAddress);
  }

  #emit(...words: number[]): void {
    for (const word of words) this.tokens[this.#count++] = word;
  }

  tokenCount(): number {
    return this.#count;
  }

  clearTokens(): void {
    this.#count = 0;
  }

  line(): Uint8Array {
    return this.#buffer.subarray(this.#text, this.#lineEnd);
  }

  position(): number {
    return this.#start;
  }

  #hasRoom(): boolean {
    const isEvent = this.#form === Form.EVENT;
    return this.#known.hasRoom(isEvent ? this.#event.keyLength : this.#lineEnd - this.#keyStart);
  }

  #rememberLine(token: number): void {
    const isFrame = this.#form === Form.USER || this.#form === Form.KERNEL;
    if (this.#symbols && isFrame && token !== 0 && !this.#hasRoom()) {
      // among many lines, this one is kept like a symbol, so that it takes no other line's place
      this.#symbols.add(this.#buffer, this.#keyStart, this.#lineEnd, this.#form | KEYED, token);
      this.#learnLine(token);
    } else this.#keepLine(token);
  }

  /** Keeps the text of the last line. If there is no room, all others are forgotten. */
  #keepLine(token: number): void {
    if (!this.#hasRoom()) this.#forgetLines();
    if (this.#form === Form.EVENT) {
      this.#known.add(this.#event.key, 0, this.#event.keyLength, this.#form, token);
      this.#emitEvent(token);
    } else {
      this.#known.add(this.#buffer, this.#keyStart, this.#lineEnd, this.#form, token);
      this.#emitLine(token);
    }
  }

  remember(token: number): void {
    this.#rememberLine(token);
    this.#start = this.#next;
  }

  rememberWhole(token: number): void {
    this.#keyByAllBytes();
    this.remember(token);
  }

  rememberSymbol(token: number): void {
    if (this.#readSymbol()) {
      this.#symbols?.add(this.#buffer, this.#plain.from, this.#plain.to, this.#form, token);
      this.#learnLine(token);
    } else this.#rememberLine(token);
    this.#start = this.#next;
  }

  #forgetLines(): void {
    this.#known.clear();
    this.#passed = 0;
  }

  skip(): void {
    this.#start = this.#next;
  }

  forget(): void {
    this.#forgetLines();
    this.#symbols?.clear();
  }

  pending(): number {
    return this.#inLongLine ? 1 : this.#end - this.#start;
  }

  base(): number {
    return this.#base;
  }

  restart(): void {
    this.#base = 0;
    this.#start = 0;
    this.#end = 0;
    this.#searched = 0;
    this.#inLongLine = false;
    this.#addressValid = false;
    this.#prefixed = false;
    this.#host.reset();
    this.#open = new Uint8Array(0);
  }
}
