import { ParserError } from '../errors.ts';

/** Digits of a count that are shown in a message. */
const SHOWN = 40;

/**
 * The count of a count line that is too long for the scanner: exact up to 2^53 − 1, beyond it an error.
 *
 * @param text what stands behind the TAB
 * @param offset of the line in the input
 * @returns `undefined` where it is no plain decimal number
 */
export function parseCount(text: string, offset: number): number | undefined {
  if (!/^\d+$/.test(text)) return undefined;
  const digits = text.replace(/^0+(?=\d)/, '');
  const count = Number(digits);
  if (digits.length <= 16 && Number.isSafeInteger(count)) return count;
  const shown = digits.length > SHOWN ? `${digits.slice(0, SHOWN)}… (${digits.length} digits)` : digits;
  throw new ParserError(
    'COUNT_TOO_LARGE',
    `the count ${shown} at byte ${offset} is over ${Number.MAX_SAFE_INTEGER}, the largest that can be summed exactly; correct the trace`,
    offset,
  );
}
