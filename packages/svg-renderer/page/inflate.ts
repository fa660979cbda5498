/**
 * Inflates the script that scripts/page.mjs deflated. RFC 1951 blocks with dynamic and fixed Huffman codes are
 * supported: zlib uses fixed codes if the last block is short. Stored blocks are not, because zlib always compresses a
 * script. The browser's `DecompressionStream` is asynchronous, so the user would see the still picture first. Output
 * is collected as bytes, not as a string, because the browser would copy the growing string for each match.
 */

/** Order in which a block stores the lengths of the codes that encode its code lengths. */
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const END_OF_BLOCK = 256;

/** Lengths of the fixed codes, for 288 literals and lengths followed by 30 distances. */
const FIXED_LITERALS = 288;
const FIXED = Array.from({ length: FIXED_LITERALS + 30 }, (_, symbol) =>
  symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : symbol < FIXED_LITERALS ? 8 : 5,
);

/**
 * A table of symbols, indexed by the next bits of the input, which start with a code. Its size is a power of two. An
 * entry contains:
 *
 *     15 … 4    3 … 0
 *     symbol    length of the symbol's code
 */
type Codes = Uint16Array;

export function inflate(packed: string): string {
  const bytes: number[] = [];
  let at = 0;
  // bits that were read from the input but not yet used; the next bit is the lowest
  let held = 0;
  let left = 0;
  const take = (count: number): number => {
    const value = held & ((1 << count) - 1);
    held >>>= count;
    left -= count;
    return value;
  };
  const fill = (): void => {
    for (; left < 16; left += 8) held |= packed.charCodeAt(at++) << left;
  };
  const bits = (count: number): number => {
    fill();
    return take(count);
  };
  const symbol = (codes: Codes): number => {
    fill();
    const entry = codes[held & (codes.length - 1)]!;
    take(entry & 15);
    return entry >> 4;
  };
  for (let isLast = 0; isLast === 0;) {
    isLast = bits(1);
    const isFixed = bits(2) === 1;
    const [literals, distances, ordered] = isFixed
      ? [FIXED_LITERALS, 30, 0]
      : [bits(5) + 257, bits(5) + 1, bits(4) + 4];
    const short: number[] = [];
    for (const place of LENGTH_ORDER.slice(0, ordered)) short[place] = bits(3);
    const codesOfLengths = codesOf(short);
    const lengths: number[] = isFixed ? [...FIXED] : [];
    while (lengths.length < literals + distances) {
      const length = symbol(codesOfLengths);
      if (length < 16) lengths.push(length);
      else {
        const repeats = length === 16 ? 3 + bits(2) : length === 17 ? 3 + bits(3) : 11 + bits(7);
        const repeated = length === 16 ? lengths.at(-1)! : 0;
        for (let i = 0; i < repeats; i++) lengths.push(repeated);
      }
    }
    const codes = codesOf(lengths.slice(0, literals));
    const codesOfDistances = codesOf(lengths.slice(literals));
    for (let next = symbol(codes); next !== END_OF_BLOCK; next = symbol(codes)) {
      if (next < END_OF_BLOCK) {
        bytes.push(next);
        continue;
      }
      const length = next === 285 ? 258 : 3 + stepped(next - 257, 4, bits);
      const start = bytes.length - 1 - stepped(symbol(codesOfDistances), 2, bits);
      // copy byte by byte, because the source of a match may overlap its destination
      for (let i = start; i < start + length; i++) bytes.push(bytes[i]!);
    }
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

/** Returns the value of a length or distance symbol. Each further group of `each` symbols adds an extra bit. */
function stepped(symbol: number, each: number, bits: (count: number) => number): number {
  const extra = Math.max(0, Math.floor(symbol / each) - 1);
  const base = extra === 0 ? symbol : (each + (symbol % each)) << extra;
  return base + bits(extra);
}

/**
 * Builds the table of canonical codes, which are ordered by length, then by symbol. A code's most significant bit is
 * read first.
 */
function codesOf(lengths: readonly number[]): Codes {
  const longest = Math.max(...lengths.filter((length) => length > 0));
  const codes = new Uint16Array(1 << longest);
  for (let length = 1, code = 0; length <= longest; length++, code <<= 1)
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== length) continue;
      let place = 0;
      for (let i = 0; i < length; i++) place |= ((code >> i) & 1) << (length - 1 - i);
      for (; place < codes.length; place += 1 << length) codes[place] = (symbol << 4) | length;
      code++;
    }
  return codes;
}
