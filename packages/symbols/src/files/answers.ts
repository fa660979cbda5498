import type { FoundFunction, FoundFunctions } from '../lookup/found.ts';

/** Asked behind the addresses of each request; code never lies there. Its echo says that all others were answered. */
export const END = 0;
/** Functions that an answer may have; no compiler inlines as deep. */
const MOST_FUNCTIONS = 512;

const ECHO = /^0x0*([0-9a-f]{1,16})$/;
/** What eu-addr2line writes behind the name of an inlined function. */
const INLINED_AT = / inlined at \S.* in \S.*$/;
/** So much of a place holds its end, however large the numbers. */
const LONGEST_END = 64;
const INLINED = ' inlined at ';
/** The end of a place: a line, its column where one is printed, and what else is known of it. */
const LINE_AT_END = /:(\d+|\?)(?::\d+)?(?: \(discriminator \d+\))?$/;

/**
 * Reads what addr2line and its kin print for each address with `-a -f -i`: the address again, and for each function,
 * the innermost first, a line with its name and one with its place.
 *
 *     0x0000000000001204
 *     mix
 *     /src/hash.h:3
 *     main
 *     /src/main.c:7
 */
export class AnswerReader {
  readonly #expected: number[] = [];
  #at: number | undefined;
  #functions: FoundFunction[] = [];
  #name: string | undefined;
  readonly #onAnswer: (address: number, functions: FoundFunctions | undefined) => void;

  /** @param onAnswer gets the functions of each address, and END when all before it were answered */
  constructor(onAnswer: (address: number, functions: FoundFunctions | undefined) => void) {
    this.#onAnswer = onAnswer;
  }

  /** These addresses were asked for, in this order. */
  expect(addresses: readonly number[]): void {
    for (const address of addresses) this.#expected.push(address);
  }

  /** Reads a line; `false` where it is none that was to be expected. */
  read(line: string): boolean {
    if (this.#name !== undefined) return this.#readPlace(this.#name, line);
    const echoed = line.startsWith('0x') ? ECHO.exec(line)?.[1] : undefined;
    if (echoed !== undefined && Number.parseInt(echoed, 16) === this.#expected[0]) {
      this.#finish();
      this.#at = this.#expected.shift();
      // what follows says nothing
      if (this.#at === END) this.#onAnswer(END, undefined);
      return true;
    }
    if (this.#at === undefined || this.#functions.length === MOST_FUNCTIONS) return false;
    this.#name = line.includes(INLINED) ? line.replace(INLINED_AT, '') : line;
    return true;
  }

  #readPlace(name: string, line: string): boolean {
    this.#name = undefined;
    // searched from the end: names of files are long
    const found = LINE_AT_END.exec(line.slice(-LONGEST_END));
    if (!found) return false;
    const file = line.slice(0, -found[0].length);
    const number = Number(found[1]);
    const place = file.startsWith('??') ? {} : number > 0 ? { file, line: number } : { file };
    this.#functions.push({ symbol: name, ...place });
    return true;
  }

  #finish(): void {
    const functions = this.#functions;
    this.#functions = [];
    if (this.#at === undefined || this.#at === END) return;
    // where only the outermost is unknown, as in a file without a symbol table, the others are none the less true
    const known = functions.filter(({ symbol }) => symbol !== '??' && symbol !== '');
    this.#onAnswer(this.#at, known.length > 0 ? known : undefined);
  }
}
