import { ByteNames } from '@stapflame/stacks';
import type { FoundFunction, FoundFunctions } from '../lookup/found.ts';

/** Asked after the addresses of each request; no code lies there. Its echo says that all others were answered. */
export const END = 0;
/** Functions that an answer may have; no compiler inlines as deep. */
const MOST_FUNCTIONS = 512;
/** Bytes of texts that are remembered; beyond them all are forgotten. */
const REMEMBERED = 1 << 24;
/** Longer lines are nonsense. */
const LONGEST_LINE = 1 << 16;

const LINE_FEED = 0x0a;
const ZERO = 0x30;
const X = 0x78;
/** What eu-addr2line writes after the name of an inlined function. */
const INLINED_AT = / inlined at \S.* in \S.*$/;
const INLINED = ' inlined at ';
/** The end of a place is no longer than this, however large its numbers. */
const LONGEST_END = 64;
/** The end of a place: a line, its column where one is printed, and what else is known of it. */
const LINE_AT_END = /:(\d+|\?)(?::\d+)?(?: \(discriminator \d+\))?$/;

/** What two lines say. Where a function has no name, the functions inlined into it are true all the same. */
type Said = FoundFunction | 'nameless' | 'nonsense';

/**
 * Reads what addr2line and its kin print for each address with `-a -f -i`: the address again, and for each function,
 * the innermost first, a line with its name and one with its place.
 *
 *     0x0000000000001204
 *     mix
 *     /src/hash.h:3
 *     main
 *     /src/main.c:7
 *
 * A program has far fewer functions and lines than addresses, so the same two lines come again and again: they are
 * compared as bytes and become the same object. No string is made of lines that are known.
 */
export class AnswerReader {
  #expected: readonly number[] = [];
  #next = 0;
  #at: number | undefined;
  #functions: FoundFunction[] = [];
  /** Functions in the answer, also those without a name. */
  #count = 0;
  #texts = new ByteNames();
  /** What each text says, by its number. */
  #said: Said[] = [];
  /** Lines that have not been read. */
  #waiting: Buffer = Buffer.allocUnsafe(1 << 17);
  #end = 0;
  readonly #onAnswer: (functions: FoundFunctions | undefined) => void;
  readonly #onEnd: () => void;

  /**
   * @param onAnswer gets the functions of each address, in the order in which they were asked for
   * @param onEnd is called for the address END, after all before it were answered
   */
  constructor(onAnswer: (functions: FoundFunctions | undefined) => void, onEnd: () => void) {
    this.#onAnswer = onAnswer;
    this.#onEnd = onEnd;
  }

  /** Sets the addresses that answers are expected for, in this order, when all before them were answered. */
  expect(addresses: readonly number[]): void {
    this.#expected = addresses;
    this.#next = 0;
  }

  /** Reads what was printed. Returns `false` if it contains a line that cannot stand there, or one without an end. */
  read(chunk: Uint8Array): boolean {
    this.#append(chunk);
    const bytes = this.#waiting.subarray(0, this.#end);
    let at = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, at)) {
      if (this.#isEcho(bytes, at, end)) {
        this.#begin();
      } else {
        const placeEnd = bytes.indexOf(LINE_FEED, end + 1);
        if (placeEnd < 0) break;
        if (!this.#addFunction(bytes, at, end, placeEnd)) return false;
        end = placeEnd;
      }
      at = end + 1;
    }
    bytes.copyWithin(0, at);
    this.#end -= at;
    return this.#end <= 2 * LONGEST_LINE;
  }

  #append(chunk: Uint8Array): void {
    const size = this.#end + chunk.length;
    if (size > this.#waiting.length) {
      const larger = Buffer.allocUnsafe(size * 2);
      larger.set(this.#waiting.subarray(0, this.#end));
      this.#waiting = larger;
    }
    this.#waiting.set(chunk, this.#end);
    this.#end = size;
  }

  /** Whether the line is the next address: `0x`, any number of zeros, its digits. */
  #isEcho(bytes: Buffer, from: number, to: number): boolean {
    if (bytes[from] !== ZERO || bytes[from + 1] !== X || to - from < 3) return false;
    return Number(bytes.toString('latin1', from, to)) === this.#expected[this.#next];
  }

  #begin(): void {
    if (this.#at !== undefined && this.#at !== END)
      this.#onAnswer(this.#functions.length > 0 ? this.#functions : undefined);
    this.#functions = [];
    this.#count = 0;
    this.#at = this.#expected[this.#next++];
    // what follows it says nothing
    if (this.#at === END) this.#onEnd();
  }

  #addFunction(bytes: Buffer, from: number, nameEnd: number, placeEnd: number): boolean {
    if (this.#at === undefined || this.#count++ === MOST_FUNCTIONS) return false;
    if (this.#texts.memory > REMEMBERED) {
      this.#texts = new ByteNames();
      this.#said = [];
    }
    const text = this.#texts.intern(bytes, from, placeEnd);
    const said = (this.#said[text] ??= saidBy(
      bytes.toString('utf8', from, nameEnd),
      bytes.toString('utf8', nameEnd + 1, placeEnd),
    ));
    if (typeof said === 'object') this.#functions.push(said);
    return said !== 'nonsense';
  }
}

function saidBy(name: string, place: string): Said {
  // searched from the end: names of files are long
  const found = LINE_AT_END.exec(place.slice(-LONGEST_END));
  if (!found) return 'nonsense';
  const symbol = name.includes(INLINED) ? name.replace(INLINED_AT, '') : name;
  if (symbol === '??' || symbol === '') return 'nameless';
  const file = place.slice(0, -found[0].length);
  const line = Number(found[1]);
  if (file.startsWith('??')) return { symbol };
  return line > 0 ? { symbol, file, line } : { symbol, file };
}
