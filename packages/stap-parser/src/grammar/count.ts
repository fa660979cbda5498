import { parseFrame } from './frame.ts';

/** Matches a count line: white space, decimal digits and optional white space. */
const COUNT = /^[ \t]+(\d+)[ \t]*$/;
/** Matches white space and a number that is not a count, such as -5, 1.5 or 1,000. */
const BROKEN = /^[ \t]+[-+]?\d[\d.,]*[ \t]*$/;
const BARE_NUMBER = /^\t[-+]?0x[0-9a-f]*[ \t]*$/;
/** SystemTap's numbers are signed 64-bit integers, so 2^63 or more cannot be a count. */
const LIMIT = 2n ** 63n;
const MOST_DIGITS = 19;

/** The content of a count line, which ends a record. */
export type CountLine = { readonly count: number } | 'broken';

/** Parses a count line. Returns `undefined` for any other line, such as a frame after a TAB. */
export function parseCountLine(line: string): CountLine | undefined {
  if (!/^[ \t]/.test(line) || line.startsWith(' 0x')) return undefined;
  const digits = COUNT.exec(line)?.[1];
  const count = digits === undefined ? undefined : parseCount(digits);
  if (count !== undefined) return { count };
  const broken = digits !== undefined || BROKEN.test(line) || BARE_NUMBER.test(line);
  return broken || (line.startsWith('\t') && parseFrame(line) === undefined) ? 'broken' : undefined;
}

/** Parses a decimal count. Counts above 2^53 are rounded. Returns `undefined` if the string is not a count. */
export function parseCount(text: string): number | undefined {
  if (!/^\d+$/.test(text)) return undefined;
  const digits = text.replace(/^0+(?=\d)/, '');
  return digits.length > MOST_DIGITS || BigInt(digits) >= LIMIT ? undefined : Number(digits);
}

/** Parses hexadecimal digits as a count, with the same limit and rounding as {@link parseCount}. */
export function parseHexCount(digits: string): number | undefined {
  return parseCount(BigInt(`0x${digits}`).toString());
}
