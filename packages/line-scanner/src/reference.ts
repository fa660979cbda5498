import { EventLine } from './event-line.ts';
import { Framing } from './framing.ts';
import { HostPrefix } from './host-prefix.ts';
import { Form } from './known-lines.ts';
import { LineBuffer } from './line-buffer.ts';
import { LineMemory } from './line-memory.ts';
import { afterOwnAddress, isKernelAddress, readAddress, readBareAddress, readCount } from './line-parts.ts';
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

const TAB = 9;
const HASH = 35;
const TOKEN_WORDS = 1 << 14;

/**
 * The plain scanner. Read it before the WebAssembly scanner.
 *
 * A line's key is the text after its address. Return addresses repeat, but the key leaves them out: a frame's name does
 * not depend on its address, and addresses differ between processes that are loaded at different addresses.
 *
 *      0x7f637f9362ec : __read+0x4c/0xa0 [/usr/lib/x86_64-linux-gnu/libc.so.6]
 *     ^address       ^key                                                     ^end
 */
export class ReferenceScanner implements LineScanner {
  readonly tokens: Uint32Array = new Uint32Array(TOKEN_WORDS);
  readonly #options: ScannerOptions;
  readonly #input: LineBuffer;
  readonly #memory: LineMemory;
  readonly #plain = new PlainFrameReader();
  readonly #event = new EventLine();
  readonly #host = new HostPrefix();
  readonly #framing = new Framing();
  #count = 0;
  #prefixed = false;

  // the current line
  /** The start of the current line, after its host prefix. */
  #text = 0;
  #addressStart = 0;
  #keyStart = 0;
  #form: number = Form.TEXT;
  #sameAddress = 0;

  /** The digits of the kernel address in the previous line, if it had one, kept for comparison. */
  readonly #address = new Uint8Array(16);
  #addressValid = false;

  constructor(options: ScannerOptions) {
    const { maxLines, maxSymbols = 0, maxLineLength } = options;
    this.#options = options;
    this.#input = new LineBuffer(maxLineLength);
    this.#memory = new LineMemory(maxLines, maxSymbols, maxLineLength);
  }

  space(): Uint8Array {
    return this.#input.space();
  }

  advance(length: number): void {
    this.#input.advance(length);
  }

  scan(): StopCode {
    const input = this.#input;
    while (this.#count + MAX_TOKEN_WORDS <= this.tokens.length) {
      const found = input.findLine();
      this.#text = input.start;
      if (found === Stop.LONG_LINE) this.#addressValid = false;
      if (found !== Stop.LINE) return found;
      if (this.#prefixed) this.#readPrefix();
      if (!this.#readLine()) return this.#form === Form.EVENT ? Stop.EVENT : Stop.LINE;
      input.endLine();
    }
    return Stop.TOKENS;
  }

  readPrefixes(): void {
    this.#prefixed = true;
  }

  #readPrefix(): void {
    const host = this.#host;
    const isOther = host.read(this.#input.bytes, this.#input.start, this.#input.lineEnd);
    this.#text += host.length;
    if (!isOther) return;
    const kept = host.fresh ? HOST_KEPT : 0;
    this.#emit(Token.HOST, host.number, host.digits | kept, this.#input.start, ...this.#addressHalves());
    host.fresh = true;
    this.#addressValid = false;
  }

  /** The two halves of the kernel address in the previous line, upper half first; both are 0 if the line had none. */
  #addressHalves(): number[] {
    const digits = String.fromCharCode(...this.#address);
    const halves = [digits.slice(0, 8), digits.slice(8)];
    return halves.map((half) => (this.#addressValid ? Number.parseInt(half, 16) : 0));
  }

  /** Emits the line's token if the line is known. Otherwise, returns `false`. */
  #readLine(): boolean {
    const { bytes, lineEnd: end, next } = this.#input;
    const start = this.#text;
    this.#keyByAllBytes();
    if (start === end) {
      if (!this.#options.blanks) return true;
      this.#addressValid = this.#host.fresh = false;
      this.#emit(Token.BLANK, next);
      return true;
    }
    const first = bytes[start]!;
    if (first !== TAB && this.#isEvent()) return this.#lookUpEvent();
    if (this.#options.marks) {
      const count = readCount(bytes, start, end);
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
      events !== 'none' &&
      this.#event.read(this.#input.bytes, this.#text, this.#input.lineEnd, events === 'thread')
    );
  }

  #lookUpEvent(): boolean {
    const { key, keyLength } = this.#event;
    this.#form = Form.EVENT;
    const token = this.#memory.find(key, 0, keyLength, Form.EVENT);
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
    this.#host.inFrame = false;
    this.#emit(Token.COUNT, count >>> 0, Math.floor(count / 0x100000000), this.#input.next);
  }

  #readFraming(): boolean {
    const token = this.#framing.read(this.#input.bytes, this.#text, this.#input.lineEnd);
    if (token > 0) this.#host.inFrame = token === Token.OPEN;
    if (token === Token.OPEN) this.#emit(token, this.#input.start);
    else if (token > 0) this.#emit(token);
    return token >= 0;
  }

  /** Finds the start of the key, and checks whether the previous line has the same kernel address. */
  #keyByAddress(): void {
    const { addressForm, addresses } = this.#options;
    const { bytes, lineEnd: end } = this.#input;
    const isBare = addressForm === 'bare';
    const address = (isBare ? readBareAddress : readAddress)(bytes, this.#text, end);
    if (!address) return;
    if (!addresses) this.#keyStart = isBare ? address.to : afterOwnAddress(bytes, address, end);
    this.#form = Form.USER;
    this.#addressStart = address.from;
    // kernel and user addresses are not distinguished if they are bare
    if (isBare || !isKernelAddress(bytes, address)) return;
    this.#form = Form.KERNEL;
    const isSame = this.#address.every((digit, i) => digit === bytes[address.from + i]);
    if (this.#addressValid && isSame) this.#sameAddress = Token.SAME_ADDRESS;
  }

  #lookUp(): boolean {
    if (this.#memory.isFull && this.#lookUpHashed()) return true;
    const token = this.#memory.find(this.#input.bytes, this.#keyStart, this.#input.lineEnd, this.#form);
    if (token >= 0) this.#emitLine(token);
    return token >= 0 || (this.#form !== Form.TEXT && (this.#lookUpWhole() || this.#lookUpHashed()));
  }

  /** Looks up the line among the symbols: by its symbol or, if the line is not a plain frame, by its key. */
  #lookUpHashed(): boolean {
    if (this.#form === Form.TEXT) return false;
    const { bytes, lineEnd } = this.#input;
    const token = this.#readSymbol()
      ? this.#memory.findSymbol(bytes, this.#plain.from, this.#plain.to, this.#form)
      : this.#memory.findHashed(bytes, this.#keyStart, lineEnd, this.#form);
    if (token === 0) return false;
    this.#memory.learn(bytes, this.#keyStart, lineEnd, this.#form, token);
    this.#emitLine(token);
    return true;
  }

  #readSymbol(): boolean {
    if (this.#form === Form.TEXT) return false;
    return this.#plain.read(this.#input.bytes, this.#text, this.#input.lineEnd) !== Plain.NONE;
  }

  #lookUpWhole(): boolean {
    const token = this.#memory.find(this.#input.bytes, this.#text, this.#input.lineEnd, Form.TEXT);
    if (token < 0) return false;
    this.#keyByAllBytes();
    this.#emitLine(token);
    return true;
  }

  #emitLine(token: number): void {
    this.#addressValid = this.#form === Form.KERNEL;
    if (this.#addressValid)
      this.#address.set(this.#input.bytes.subarray(this.#addressStart, this.#addressStart + 16));
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
    return this.#input.bytes.subarray(this.#text, this.#input.lineEnd);
  }

  position(): number {
    return this.#input.start;
  }

  remember(token: number): void {
    const { bytes, lineEnd } = this.#input;
    if (this.#form === Form.EVENT) {
      this.#memory.add(this.#event.key, 0, this.#event.keyLength, this.#form, token);
      this.#emitEvent(token);
    } else {
      this.#memory.add(bytes, this.#keyStart, lineEnd, this.#form, token);
      this.#emitLine(token);
    }
    this.skip();
  }

  rememberWhole(token: number): void {
    this.#keyByAllBytes();
    this.remember(token);
  }

  rememberSymbol(token: number): void {
    if (!this.#readSymbol()) return this.remember(token);
    const { bytes, lineEnd } = this.#input;
    this.#memory.addSymbol(bytes, this.#plain.from, this.#plain.to, this.#form, token);
    this.#memory.learn(bytes, this.#keyStart, lineEnd, this.#form, token);
    this.#emitLine(token);
    this.skip();
  }

  skip(): void {
    this.#input.endLine();
  }

  forget(): void {
    this.#memory.forget();
  }

  pending(): number {
    return this.#input.pending;
  }

  base(): number {
    return this.#input.base;
  }

  restart(): void {
    this.#input.restart();
    this.#addressValid = false;
    this.#prefixed = false;
    this.#host.reset();
    this.#framing.reset();
  }
}
