import type { Facts } from '../facts.ts';
import { isLabel } from '../label.ts';
import { EXACT_MAX } from '../weight.ts';
import { addComment } from './facts-text.ts';
import { Found, foundIn, placeIn, type LineMemory } from './line-memory.ts';
import { MAX_COMMENT, MAX_LINE } from './scanner.ts';

/** A source of folded text. */
export interface TextSource {
  /** Reads the next bytes into the start of `into`. Returns their number, which is 0 at the end. */
  read(into: Uint8Array): number;
}

/** A source of folded text that is still being written. */
export interface GrowingText {
  /** Like {@link TextSource}, but returns `undefined` if no bytes have arrived yet; call it again later. */
  read(into: Uint8Array): number | undefined;
}

const LINE_FEED = 0x0a;
const SPACE = 0x20;
const HASH = 0x23;
const DOT = 0x2e;
const ZERO = 0x30;
const SEMICOLON = 0x3b;
/** A count with more digits than this is above {@link EXACT_MAX}. */
const MOST_DIGITS = 16;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads lines of folded text that is sorted frame by frame, in the format that `FoldedWriter` writes: each line has one
 * count, which is a whole number, and all names are valid labels. Such lines can be copied without reading their names.
 * Reading stops at the first line that breaks these rules, and {@link fault} says why.
 *
 *     … │ this stack │ count │ next stack │ count │ … │ filled
 *         ^ start              ^ next                   ^ a line feed is written here, so that every loop ends
 */
export class SortedLines {
  readonly #source: GrowingText;
  readonly #memory: LineMemory;
  /** The start and the size of this input's part of the memory. */
  #begin: number;
  #size: number;
  /** The position where the next line begins. */
  #next: number;
  #filled: number;
  #sourceEnded = false;
  /** The current stack's offset in memory, and its length in bytes. */
  start: number;
  length = 0;
  count = 0;
  /** Number of leading bytes that the current stack shares with the last stack written, from any input. */
  shared = 0;
  ended = false;
  /** Whether {@link next} has to be called again when the source has more bytes. */
  isWaiting = false;
  facts: Facts = {};
  /** What is wrong with the first line that breaks the rules, if there is one. */
  fault: 'not plain' | 'not sorted' | undefined;
  /** Whether the last line does not end in a line feed. */
  isCut = false;

  /** @param buffer size of the read buffer in bytes; the buffer grows if a line does not fit */
  constructor(source: GrowingText, memory: LineMemory, buffer: number) {
    this.#source = source;
    this.#memory = memory;
    this.#size = buffer;
    this.#begin = memory.allocate(buffer);
    this.#next = this.#filled = this.start = this.#begin;
    memory.bytes[this.#begin] = LINE_FEED;
  }

  /** Moves to the next stack. Returns `false` at the end, at a line that breaks the rules, or if it has to wait. */
  next(): boolean {
    const memory = this.#memory;
    this.isWaiting = false;
    while (!this.ended) {
      const from = this.#next;
      const shared = memory.same(from, this.start, this.length);
      // The bytes that the line shares with the previous stack have already been checked.
      const scanned = memory.scan(from, from + shared);
      const to = placeIn(scanned);
      if (to === this.#filled && !this.#sourceEnded) {
        this.#fill();
        if (this.isWaiting) return false;
        continue;
      }
      if (to === this.#filled && to === from) break;
      this.isCut = to === this.#filled;
      this.#next = Math.min(to + 1, this.#filled);
      if (to === from || this.#readComment(from, to)) continue;
      const found = foundIn(scanned);
      if (found === Found.NOT_PLAIN || (found === Found.LOOK && !this.#areLabels(from, to))) {
        this.fault = 'not plain';
        break;
      }
      if (!this.#readStack(from, to, shared)) break;
      return true;
    }
    this.ended = true;
    return false;
  }

  #areLabels(from: number, to: number): boolean {
    const line = this.#memory.bytes.subarray(from, to);
    try {
      const text = decoder.decode(line.subarray(0, Math.max(line.lastIndexOf(SPACE), 0)));
      return text.split(';').every(isLabel);
    } catch {
      return false;
    }
  }

  #readComment(from: number, to: number): boolean {
    const bytes = this.#memory.bytes;
    if (!isComment(bytes, from)) return false;
    const text = bytes.subarray(from, Math.min(to, from + MAX_COMMENT));
    this.facts = addComment(this.facts, new TextDecoder().decode(text).trimEnd());
    return true;
  }

  #readStack(from: number, to: number, shared: number): boolean {
    const bytes = this.#memory.bytes;
    let digits = to;
    let count = 0;
    for (let factor = 1; digits > from && isDigit(bytes[digits - 1]!); factor *= 10)
      count += (bytes[--digits]! - ZERO) * factor;
    const length = digits - 1 - from;
    const isExact = to - digits <= MOST_DIGITS && count <= EXACT_MAX;
    const isCount = digits < to && isExact && length > 0 && bytes[digits - 1] === SPACE;
    if (!isCount || this.#endsInNumber(from, from + length)) {
      this.fault = 'not plain';
      return false;
    }
    // the shared bytes may include part of the count
    const common = Math.min(shared, length);
    if (orderAt(bytes, from, length, common) < orderAt(bytes, this.start, this.length, common)) {
      this.fault = 'not sorted';
      return false;
    }
    this.start = from;
    this.length = length;
    this.count = count;
    this.shared = common;
    return true;
  }

  /** Whether the stack ends in a blank and a number. If so, the line has two counts. */
  #endsInNumber(from: number, to: number): boolean {
    const bytes = this.#memory.bytes;
    let at = to;
    while (at > from && (isDigit(bytes[at - 1]!) || bytes[at - 1] === DOT)) at--;
    return at > from && bytes[at - 1] === SPACE;
  }

  /** Reads more bytes. Keeps the previous stack for comparison. */
  #fill(): void {
    const memory = this.#memory;
    const kept = this.#filled - this.start;
    // at least half of the buffer must be free for the next bytes and the line feed after them
    const isFull = kept + 1 > this.#size / 2;
    if (isFull && this.#size > MAX_LINE * 2) {
      this.fault = 'not plain';
      this.ended = true;
      return;
    }
    if (isFull) {
      this.#size *= 2;
      this.#begin = memory.allocate(this.#size);
    }
    memory.copy(this.#begin, this.start, kept);
    this.#next += this.#begin - this.start;
    this.start = this.#begin;
    const filled = this.#begin + kept;
    const read = this.#source.read(memory.bytes.subarray(filled, this.#begin + this.#size - 1));
    if (read === 0) this.#sourceEnded = true;
    this.isWaiting = read === undefined;
    this.#filled = filled + (read ?? 0);
    memory.bytes[this.#filled] = LINE_FEED;
  }
}

/**
 * Returns a byte's rank in the order of stacks that are sorted frame by frame. The end of a stack ranks first, and the
 * end of a name second.
 */
export function orderAt(bytes: Uint8Array, start: number, length: number, at: number): number {
  if (at >= length) return 0;
  const byte = bytes[start + at]!;
  return byte === SEMICOLON ? 1 : byte + 1;
}

function isComment(bytes: Uint8Array, from: number): boolean {
  return bytes[from] === HASH && bytes[from + 1] === SPACE;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte < ZERO + 10;
}
