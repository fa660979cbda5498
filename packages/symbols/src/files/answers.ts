import { ByteNames } from '@stapflame/stacks';
import type { FoundFunction, FoundFunctions } from '../lookup/found.ts';

/** An address without code that is requested last. Its echo shows that all addresses before it have been answered. */
export const END = 0;
/** Maximum number of functions in an answer. No compiler inlines more deeply. */
const MOST_FUNCTIONS = 512;
/** Maximum size of the cache of lines, in bytes. A full cache is cleared. */
const REMEMBERED = 1 << 24;
/** Maximum length of a line in bytes. A longer line is invalid. */
const LONGEST_LINE = 1 << 16;

/** The kinds of lines in the cache. */
const NAME = 0;
const PLACE = 1;
const DIGITS: readonly (number | undefined)[] = Array.from({ length: 0x67 }, (_, code) => {
  const digit = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(digit) ? undefined : digit;
});

const LINE_FEED = 0x0a;
const ZERO = 0x30;
const X = 0x78;
/** Matches the text that eu-addr2line writes after the name of an inlined function. */
const INLINED_AT = / inlined at \S.* in \S.*$/;
const INLINED = ' inlined at ';
/** Maximum length of the end of a location line. It leaves room for large numbers. */
const LONGEST_END = 64;
/** Matches the end of a location line: the line number, the column if printed, and any remark. */
const LINE_AT_END = /:(\d+|\?)(?::\d+)?(?: \(discriminator \d+\))?$/;

/**
 * A source location, and the last function found there. The next function found there is nearly always the same one.
 */
interface Place {
  readonly file: string | undefined;
  readonly line: number | undefined;
  found: FoundFunction | undefined;
}

/**
 * Reads the output that addr2line and similar tools print with `-a -f -i`. For each address, they print the address
 * itself and then, for each function, innermost first, a line with its name and a line with its source location.
 *
 *     0x0000000000001204
 *     mix
 *     /src/hash.h:3
 *     main
 *     /src/main.c:7
 *
 * A program has far fewer functions and lines than addresses, so the same lines recur. Lines are therefore compared as
 * bytes. A recurring line becomes a string only once, and a recurring pair of lines nearly always becomes the same
 * object.
 */
export class AnswerReader {
  #expected: readonly number[] = [];
  #next = 0;
  #at: number | undefined;
  #functions: FoundFunction[] = [];
  /** Number of functions in the current answer, including unnamed functions. */
  #count = 0;
  #lines = new ByteNames();
  /** Symbols, indexed by the number of the name line; empty if the function has no name. */
  #symbols: string[] = [];
  /** Locations, indexed by the number of the location line; `null` if the line is not a location. */
  #places: (Place | null)[] = [];
  readonly #files = new Map<string, string>();
  /** Bytes not read yet. */
  #waiting: Buffer = Buffer.allocUnsafe(1 << 17);
  #end = 0;
  readonly #onAnswer: (functions: FoundFunctions | undefined) => void;
  readonly #onEnd: () => void;

  /**
   * @param onAnswer called with the functions of each address, in the order of the requests
   * @param onEnd called for the address END, after all addresses before it have been answered
   */
  constructor(onAnswer: (functions: FoundFunctions | undefined) => void, onEnd: () => void) {
    this.#onAnswer = onAnswer;
    this.#onEnd = onEnd;
  }

  /** Sets the next addresses, whose answers must come in this order. All earlier addresses must have been answered. */
  expect(addresses: readonly number[]): void {
    this.#expected = addresses;
    this.#next = 0;
  }

  /** Reads the tool's output. Returns `false` if it contains an unexpected or endless line. */
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

  /** Whether the line is the next address: `0x`, any number of zeros, and the address's digits. */
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
    // the answer for END is complete now: it only marks the end, and the functions printed for it mean nothing
    if (this.#at === END) this.#onEnd();
  }

  #addFunction(bytes: Buffer, from: number, nameEnd: number, placeEnd: number): boolean {
    if (this.#at === undefined || this.#count++ === MOST_FUNCTIONS) return false;
    if (this.#lines.memory > REMEMBERED) this.#forget();
    const symbol = this.#symbolIn(bytes, from, nameEnd);
    const place = this.#placeIn(bytes, nameEnd + 1, placeEnd);
    // skip an unnamed function, but keep the functions that were inlined into it
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
  // search only the end of the line, because file names are long
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
