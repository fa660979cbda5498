import { parseFrame } from './frame.ts';

/** White space, decimal digits, optional white space. */
const COUNT = /^[ \t]+(\d+)[ \t]*$/;
/** White space and a number that is not a count: -5, 1.5, 1,000. */
const BROKEN = /^[ \t]+[-+]?\d[\d.,]*[ \t]*$/;
const BARE_NUMBER = /^\t[-+]?0x[0-9a-f]*[ \t]*$/;
/** SystemTap counts in signed 64-bit numbers, so 2^63 or more is not a count. */
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

/** Parses a decimal count; rounds it above 2^53. Returns `undefined` if the text is not a count. */
export function parseCount(text: string): number | undefined {
  if (!/^\d+$/.test(text)) return undefined;
  const digits = text.replace(/^0+(?=\d)/, '');
  return digits.length > MOST_DIGITS || BigInt(digits) >= LIMIT ? undefined : Number(digits);
}

/** The same for hexadecimal digits. */
export function parseHexCount(digits: string): number | undefined {
  return parseCount(BigInt(`0x${digits}`).toString());
}
