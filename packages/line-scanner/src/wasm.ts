import type { LineScanner, ScannerOptions, StopCode } from './scanner.ts';

/** The module's exports; see `assembly/index.ts`. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readPrefixes(): void;
  initialise(
    lines: number,
    longest: number,
    addresses: boolean,
    bare: boolean,
    blanks: boolean,
    marks: boolean,
    events: boolean,
    threads: boolean,
    symbolSets: number,
  ): number;
  setKey(a: number, b: number, c: number, d: number): void;
  restart(): void;
  forget(): void;
  tokensAt(): number;
  tokenCount(): number;
  clearTokens(): void;
  startAt(): number;
  lineAt(): number;
  lineLength(): number;
  inputAt(): number;
  pending(): number;
  makeSpace(): number;
  spaceAt(): number;
  spaceLength(): number;
  advance(length: number): void;
  scan(): StopCode;
  remember(token: number): void;
  rememberWhole(token: number): void;
  rememberSymbol(token: number): void;
  skip(): void;
}

const TOKEN_WORDS = 1 << 14;
/** Number of symbols in a set; see `assembly/symbols.ts`. */
const SET_SYMBOLS = 4;

/** The WebAssembly scanner. Throws a `RangeError` if there is not enough memory. */
export class WasmScanner implements LineScanner {
  tokens: Uint32Array;
  readonly #exports: Exports;
  #bytes: Uint8Array;
  #base = 0;

  constructor(module: WebAssembly.Module, options: ScannerOptions) {
    const {
      maxLines,
      maxLineLength,
      addresses,
      addressForm,
      blanks,
      marks,
      events = 'none',
      maxSymbols = 0,
    } = options;
    const bare = addressForm === 'bare';
    const hasEvents = events !== 'none';
    const threads = events === 'thread';
    const { exports } = new WebAssembly.Instance(module, {});
    this.#exports = exports as unknown as Exports;
    const { initialise } = this.#exports;
    const sets = setsFor(maxSymbols);
    if (!initialise(maxLines, maxLineLength, addresses, bare, blanks, marks, hasEvents, threads, sets)) {
      throw new RangeError('there is not enough memory for the WebAssembly scanner');
    }
    this.#exports.setKey(randomWord(), randomWord(), randomWord(), randomWord());
    this.#bytes = new Uint8Array(this.#exports.memory.buffer);
    this.tokens = this.#tokenView();
  }

  #tokenView(): Uint32Array {
    return new Uint32Array(this.#exports.memory.buffer, this.#exports.tokensAt(), TOKEN_WORDS);
  }

  space(): Uint8Array {
    const moved = this.#exports.makeSpace();
    if (moved < 0) throw new RangeError('there is not enough memory for a line of this length');
    this.#base += moved;
    // growing the memory detaches all views
    if (this.#bytes.buffer !== this.#exports.memory.buffer) {
      this.#bytes = new Uint8Array(this.#exports.memory.buffer);
      this.tokens = this.#tokenView();
    }
    const at = this.#exports.spaceAt();
    return this.#bytes.subarray(at, at + this.#exports.spaceLength());
  }

  advance(length: number): void {
    this.#exports.advance(length);
  }

  scan(): StopCode {
    return this.#exports.scan();
  }

  tokenCount(): number {
    return this.#exports.tokenCount();
  }

  clearTokens(): void {
    this.#exports.clearTokens();
  }

  readPrefixes(): void {
    this.#exports.readPrefixes();
  }

  line(): Uint8Array {
    const at = this.#exports.lineAt();
    return this.#bytes.subarray(at, at + this.#exports.lineLength());
  }

  position(): number {
    return this.#exports.startAt() - this.#exports.inputAt();
  }

  remember(token: number): void {
    this.#exports.remember(token);
  }

  rememberWhole(token: number): void {
    this.#exports.rememberWhole(token);
  }

  rememberSymbol(token: number): void {
    this.#exports.rememberSymbol(token);
  }

  skip(): void {
    this.#exports.skip();
  }

  forget(): void {
    this.#exports.forget();
  }

  pending(): number {
    return this.#exports.pending();
  }

  base(): number {
    return this.#base;
  }

  restart(): void {
    this.#exports.restart();
    this.#base = 0;
  }
}

/**
 * Returns a random word for the hash key, which the author of a trace must not be able to predict. `Math.random` is
 * good enough, because the key never appears in any output. Loading `crypto` would lengthen Node's startup by a sixth.
 */
function randomWord(): number {
  return Math.floor(Math.random() * 2 ** 32);
}

/** Returns the number of sets for at most this many symbols: 0 for no symbols, otherwise a power of two. */
function setsFor(symbols: number): number {
  return symbols === 0 ? 0 : 1 << (31 - Math.clz32(Math.max(1, symbols / SET_SYMBOLS)));
}
