import { ByteNames } from '@stapflame/stacks';
import type { FoundFunction, FoundFunctions } from '../lookup/found.ts';

/** Requested after all other addresses; there is no code at it. Its echo shows that the others were answered. */
export const END = 0;
/** The most functions in an answer. No compiler inlines more deeply. */
const MOST_FUNCTIONS = 512;
/** The most bytes of remembered text. Beyond this number, all texts are forgotten. */
const REMEMBERED = 1 << 24;
/** Longer lines are invalid. */
const LONGEST_LINE = 1 << 16;

/** The remembered kinds of lines. */
const NAME = 0;
const PLACE = 1;
const DIGITS: readonly (number | undefined)[] = Array.from({ length: 0x67 }, (_, code) => {
  const digit = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(digit) ? undefined : digit;
});

const LINE_FEED = 0x0a;
const ZERO = 0x30;
const X = 0x78;
/** The text that eu-addr2line writes after the name of an inlined function. */
const INLINED_AT = / inlined at \S.* in \S.*$/;
const INLINED = ' inlined at ';
/** The longest end of a place line, even with large numbers. */
const LONGEST_END = 64;
/** The end of a place line: the line number, the column if it is printed, and any further remarks. */
const LINE_AT_END = /:(\d+|\?)(?::\d+)?(?: \(discriminator \d+\))?$/;

/** A place, and the last function found there, which is nearly always the same. */
interface Place {
  readonly file: string | undefined;
  readonly line: number | undefined;
  found: FoundFunction | undefined;
}

/**
 * Reads the output of addr2line and similar tools for `-a -f -i`. It is, for each address, the address again and, for
 * each function, the innermost first, a line with the function's name and a line with its place.
 *
 *     0x0000000000001204
 *     mix
 *     /src/hash.h:3
 *     main
 *     /src/main.c:7
 *
 * A program has far fewer functions and lines than addresses, so the same lines recur: they are compared as bytes,
 * each becomes one string, and a pair of them nearly always becomes the same object.
 */
export class AnswerReader {
  #expected: readonly number[] = [];
  #next = 0;
  #at: number | undefined;
  #functions: FoundFunction[] = [];
  /** Number of functions in the answer, including those without a name. */
  #count = 0;
  #lines = new ByteNames();
  /** Indexed by the number of the line with a name; empty where a function has no name. */
  #symbols: string[] = [];
  /** Indexed by the number of the line with a place; `null` if the line is not a place. */
  #places: (Place | null)[] = [];
  readonly #files = new Map<string, string>();
  /** Bytes that have not been read yet. */
  #waiting: Buffer = Buffer.allocUnsafe(1 << 17);
  #end = 0;
  readonly #onAnswer: (functions: FoundFunctions | undefined) => void;
  readonly #onEnd: () => void;

  /**
   * @param onAnswer gets the functions of each address, in the order of the requests
   * @param onEnd is called for the address END, after all addresses before it were answered
   */
  constructor(onAnswer: (functions: FoundFunctions | undefined) => void, onEnd: () => void) {
    this.#onAnswer = onAnswer;
    this.#onEnd = onEnd;
  }

  /** Sets the addresses to expect answers for, in this order. All earlier addresses must have been answered. */
  expect(addresses: readonly number[]): void {
    this.#expected = addresses;
    this.#next = 0;
  }

  /** Reads printed bytes. Returns `false` if they contain a line that does not belong there, or an endless line. */
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

  /** Whether the line is the next address: `0x`, any number of zeros, the digits. */
  #isEcho(bytes: Buffer, from: number, to: number): boolean {
    if (bytes[from] !== ZERO || bytes[from + 1] !== X || to - from < 3) return false;
    let address = 0;
    for (let at = from + 2; at < to; at++) address = address * 16 + (DIGITS[bytes[at]!] ?? NaN);
    return address === this.#expected[this.#next];
  }

  #begin(): void {
    if (this.#at !== undefined && this.#at !== END)
      this.#onAnswer(this.#functions.length > 0 ? this.#functions : undefined);
    this.#functions = [];
    this.#count = 0;
    this.#at = this.#expected[this.#next++];
    // the rest of the answer to END means nothing
    if (this.#at === END) this.#onEnd();
  }

  #addFunction(bytes: Buffer, from: number, nameEnd: number, placeEnd: number): boolean {
    if (this.#at === undefined || this.#count++ === MOST_FUNCTIONS) return false;
    if (this.#lines.memory > REMEMBERED) this.#forget();
    const symbol = this.#symbolIn(bytes, from, nameEnd);
    const place = this.#placeIn(bytes, nameEnd + 1, placeEnd);
    // functions inlined into an unnamed function are still right
    if (place && symbol !== '') this.#functions.push(functionAt(place, symbol));
    return place !== null;
  }

  #symbolIn(bytes: Buffer, from: number, to: number): string {
    const number = this.#lines.intern(bytes, from, to, NAME);
    return (this.#symbols[number] ??= symbolOf(bytes.toString('utf8', from, to)));
  }

  #placeIn(bytes: Buffer, from: number, to: number): Place | null {
    const number = this.#lines.intern(bytes, from, to, PLACE);
    let place = this.#places[number];
    if (place === undefined)
      place = this.#places[number] = placeOf(bytes.toString('utf8', from, to), this.#files);
    return place;
  }

  #forget(): void {
    this.#lines = new ByteNames();
    this.#symbols = [];
    this.#places = [];
    this.#files.clear();
  }
}

function symbolOf(name: string): string {
  const symbol = name.includes(INLINED) ? name.replace(INLINED_AT, '') : name;
  return symbol === '??' ? '' : symbol;
}

function placeOf(text: string, files: Map<string, string>): Place | null {
  // searched from the end: file names are long
  const found = LINE_AT_END.exec(text.slice(-LONGEST_END));
  if (!found) return null;
  const name = text.slice(0, -found[0].length);
  const file = files.get(name) ?? name;
  files.set(file, file);
  const isKnown = !file.startsWith('??');
  const line = Number(found[1]);
  return { file: isKnown ? file : undefined, line: isKnown && line > 0 ? line : undefined, found: undefined };
}

function functionAt(place: Place, symbol: string): FoundFunction {
  const { file, line, found } = place;
  if (found?.symbol === symbol) return found;
  if (file === undefined) return (place.found = { symbol });
  return (place.found = line === undefined ? { symbol, file } : { symbol, file, line });
}
