/** A key's form says what precedes the key on its line: nothing, a user address or a kernel address. */
export const Form = { TEXT: 0, USER: 1, KERNEL: 2, EVENT: 3 } as const;

/** Number of bytes reserved for each line's text. */
const TEXT_PER_LINE = 128;
const FIRST_TEXT = 1 << 12;

/** A hash table that maps known lines to their tokens. It uses open addressing and typed arrays. */
export class KnownLines {
  readonly #slots: Int32Array;
  readonly #textStart: Uint32Array;
  readonly #textLength: Uint32Array;
  readonly #tokens: Uint32Array;
  readonly #forms: Uint8Array;
  readonly #hashes: Int32Array;
  /**
   * Grows up to `#mostText` bytes. If it were allocated at full size, each reader of a small trace would take
   * megabytes.
   */
  #text: Uint8Array = new Uint8Array(FIRST_TEXT);
  readonly #mostText: number;
  #known = 0;
  #textEnd = 0;

  constructor(lines: number, maxLineLength: number) {
    this.#slots = new Int32Array(1 << (32 - Math.clz32(lines * 2 - 1)));
    this.#textStart = new Uint32Array(lines);
    this.#textLength = new Uint32Array(lines);
    this.#tokens = new Uint32Array(lines);
    this.#forms = new Uint8Array(lines);
    this.#hashes = new Int32Array(lines);
    this.#mostText = lines * TEXT_PER_LINE + maxLineLength + 1;
  }

  /** Returns the token for the key `bytes[from … to − 1]`, or −1 if the key is not known. Every byte is compared. */
  find(bytes: Uint8Array, from: number, to: number, form: number): number {
    const hash = hashOf(bytes, from, to, form);
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const line = this.#slots[slot]! - 1;
      if (this.#hashes[line] !== hash || this.#forms[line] !== form) continue;
      if (this.#equals(line, bytes, from, to)) return this.#tokens[line]!;
    }
    return -1;
  }

  #equals(line: number, bytes: Uint8Array, from: number, to: number): boolean {
    if (this.#textLength[line] !== to - from) return false;
    const text = this.#textStart[line]!;
    for (let i = 0; i < to - from; i++) if (this.#text[text + i] !== bytes[from + i]) return false;
    return true;
  }

  /**
   * Whether there is room for a key of this length and a line end. An empty table has room for every key.
   */
  hasRoom(length: number): boolean {
    return this.#known < this.#tokens.length && this.#textEnd + length < this.#mostText;
  }

  /** Adds a new line's key. There must be room for it. */
  add(bytes: Uint8Array, from: number, to: number, form: number, token: number): void {
    const length = to - from;
    const line = this.#known++;
    const hash = hashOf(bytes, from, to, form);
    this.#tokens[line] = token;
    this.#forms[line] = form;
    this.#hashes[line] = hash;
    this.#textStart[line] = this.#textEnd;
    this.#textLength[line] = length;
    if (this.#textEnd + length > this.#text.length) this.#growText(this.#textEnd + length);
    this.#text.set(bytes.subarray(from, to), this.#textEnd);
    this.#textEnd += length + 1;
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = line + 1;
  }

  #growText(length: number): void {
    const larger = new Uint8Array(Math.min(length * 2, this.#mostText));
    larger.set(this.#text);
    this.#text = larger;
  }

  clear(): void {
    this.#slots.fill(0);
    this.#known = 0;
    this.#textEnd = 0;
  }
}

/** Computes an FNV-1a hash. */
function hashOf(bytes: Uint8Array, from: number, to: number, form: number): number {
  let hash = Math.imul(form + 1, 0x9e3779b1);
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash ^ (hash >>> 15);
}
