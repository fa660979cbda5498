import type { Comparison, Difference, FunctionRow } from '@stapflame/diff';

/** Formats a percentage, such as `10.00 %`. */
export function percentText(percent: number): string {
  return `${percent.toFixed(2)} %`;
}

/** Formats percentage points, such as `+4.00`. */
export function pointsText(points: number): string {
  const text = points.toFixed(2);
  if (Number(text) === 0) return '0.00';
  return points > 0 ? `+${text}` : text;
}

/** Formats a difference's interval, such as `+2.70 … +5.30`. Returns an empty string if the interval is unknown. */
export function intervalText({ interval }: Difference): string {
  return interval === undefined ? '' : interval.map(pointsText).join(' … ');
}

/** Returns `new` for a function that only `after` has, `vanished` for one that only `before` has, and '' otherwise. */
export function onlyOn({ total }: FunctionRow): 'new' | 'vanished' | '' {
  if (total.before === 0 && total.after > 0) return 'new';
  return total.after === 0 && total.before > 0 ? 'vanished' : '';
}

export function isSignificant({ self, total }: FunctionRow): boolean {
  return self.isSignificant === true || total.isSignificant === true;
}

/** Formats numbers with their digits in groups of three, as in pictures. */
const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 20 });

/** Options for a comparison's heading. Numbers in the heading are formatted like those below it. */
interface Heading {
  readonly unit: string;
  readonly significance: number;
  readonly numbers: 'plain' | 'grouped';
}

/** Returns the heading. It says what was compared and how it was tested. */
export function testText(
  { before, after, rows, tests, untested }: Comparison,
  { unit, significance, numbers }: Heading,
): string {
  const counted = (count: number, what: string): string =>
    `${numbers === 'plain' ? count : grouped.format(count)} ${what}`;
  const amount = (weight: number): string =>
    counted(weight, unit === 'samples' && weight === 1 ? 'sample' : unit);
  const plural = (count: number, what: string): string => counted(count, count === 1 ? what : `${what}s`);
  const amounts = `${amount(before)} before, ${amount(after)} after`;
  if (untested !== undefined) return `${amounts}; significance unknown: ${untested}`;
  const found = rows.filter(isSignificant).length;
  return `${amounts}; ${found} of ${plural(rows.length, 'function')} differ significantly (${plural(tests, 'test')}, Holm, level ${significance})`;
}
