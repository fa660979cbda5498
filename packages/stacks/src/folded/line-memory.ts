import { scannerInstance } from './wasm-scanner.ts';

/** Flags for what {@link LineMemory.scan} finds in a line. */
export const Found = {
  /** Only plain characters, which are allowed in any label. */
  PLAIN: 0,
  /** A control character, an empty name, or a name that begins or ends with a blank. */
  NOT_PLAIN: 1,
  /** Characters that are not allowed in every label, so the name needs a closer look: `#` and non-ASCII characters. */
  LOOK: 2,
} as const;
const FLAGS = 4;

/**
 * The memory for lines of folded text, and the loops over its bytes. There are two implementations, which behave the
 * same: the readable `PlainMemory`, and the WebAssembly version, which processes 16 bytes at a time and is three times
 * as fast.
 */
export interface LineMemory {
  /** The complete memory; valid until the next {@link allocate}. */
  readonly bytes: Uint8Array;
  /** Allocates bytes and returns the position of the first one. */
  allocate(length: number): number;
  /** Frees all allocated bytes. */
  clear(): void;
  /** Returns the number of leading bytes that are equal at `a` and `b`, up to `most`. */
  same(a: number, b: number, most: number): number;
  /**
   * Returns the end of the line at `from`, times four, plus {@link Found} flags for the line's bytes at and after
   * `begin`.
   */
  scan(from: number, begin: number): number;
  copy(to: number, from: number, length: number): void;
}

/** Extracts the end of the line from a result of {@link LineMemory.scan}. */
export function placeIn(scanned: number): number {
  return Math.floor(scanned / FLAGS);
}

/** Extracts the {@link Found} flags from a result of {@link LineMemory.scan}. */
export function foundIn(scanned: number): number {
  return scanned % FLAGS;
}

/** Creates a WebAssembly memory if WebAssembly can run here, and a plain memory otherwise. */
export function createLineMemory(): LineMemory {
  try {
    return new WasmMemory();
  } catch {
    return new PlainMemory();
  }
}

const LINE_FEED = 0x0a;
const SPACE = 0x20;
const HASH = 0x23;
const SEMICOLON = 0x3b;

export class PlainMemory implements LineMemory {
  bytes: Uint8Array = new Uint8Array(1 << 16);
  #used = 0;

  allocate(length: number): number {
    const at = this.#used;
    this.#used += length;
    if (this.#used > this.bytes.length) {
      const larger = new Uint8Array(this.#used * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    return at;
  }

  clear(): void {
    this.#used = 0;
  }

  same(a: number, b: number, most: number): number {
    const { bytes } = this;
    let same = 0;
    while (same < most && bytes[a + same] === bytes[b + same]) same++;
    return same;
  }

  scan(from: number, begin: number): number {
    const { bytes } = this;
    // `begin` may be in the middle of a multi-byte character.
    let found: number = begin > from && bytes[begin - 1]! >= 0x7f ? Found.LOOK : Found.PLAIN;
    let at = begin;
    for (; bytes[at] !== LINE_FEED; at++) {
      const byte = bytes[at]!;
      const before = at === from ? SEMICOLON : bytes[at - 1]!;
      const isEmptyName = before === SEMICOLON && (byte === SEMICOLON || byte === SPACE);
      if (isEmptyName || (before === SPACE && byte === SEMICOLON) || byte < SPACE) found = Found.NOT_PLAIN;
      else if ((byte === HASH || byte >= 0x7f) && found === Found.PLAIN) found = Found.LOOK;
    }
    return at * FLAGS + found;
  }

  copy(to: number, from: number, length: number): void {
    this.bytes.copyWithin(to, from, from + length);
  }
}

/** The module's exports for lines; see `assembly/lines.ts`. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  linesBase(): number;
  sameAt(a: number, b: number, most: number): number;
  scanLine(from: number, begin: number): number;
  copyTo(to: number, from: number, length: number): void;
}

const PAGE = 1 << 16;
/** Number of bytes past the end that the module loads but does not use. */
const SLACK = 16;

export class WasmMemory implements LineMemory {
  readonly same: (a: number, b: number, most: number) => number;
  readonly scan: (from: number, begin: number) => number;
  readonly copy: (to: number, from: number, length: number) => void;
  readonly #memory: WebAssembly.Memory;
  readonly #base: number;
  #used: number;
  bytes: Uint8Array;

  constructor() {
    // The module needs these functions only to read names and counts, which it does not do here.
    const wasm = scannerInstance({ decimal: () => 0, canonical: () => 0 }) as unknown as Exports;
    this.same = wasm.sameAt;
    this.scan = wasm.scanLine;
    this.copy = wasm.copyTo;
    this.#memory = wasm.memory;
    this.#base = wasm.linesBase();
    this.#used = this.#base;
    this.bytes = new Uint8Array(wasm.memory.buffer);
  }

  allocate(length: number): number {
    const at = this.#used;
    this.#used += length;
    const missing = this.#used + SLACK - this.bytes.length;
    if (missing > 0) {
      this.#memory.grow(Math.ceil(missing / PAGE));
      this.bytes = new Uint8Array(this.#memory.buffer);
    }
    return at;
  }

  clear(): void {
    this.#used = this.#base;
  }
}
