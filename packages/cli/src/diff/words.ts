import type { Comparison, Difference, FunctionRow } from '@stapflame/diff';
import { counted } from '../summary.ts';

/** `10.00 %` */
export function percentText(percent: number): string {
  return `${percent.toFixed(2)} %`;
}

/** `+4.00` */
export function pointsText(points: number): string {
  const text = points.toFixed(2);
  if (Number(text) === 0) return '0.00';
  return points > 0 ? `+${text}` : text;
}

/** `+2.70 … +5.30`; empty if it is not known. */
export function intervalText({ interval }: Difference): string {
  return interval === undefined ? '' : interval.map(pointsText).join(' … ');
}

/** Whether a function is only on one side. */
export function onlyOn({ total }: FunctionRow): 'new' | 'vanished' | '' {
  if (total.before === 0 && total.after > 0) return 'new';
  return total.after === 0 && total.before > 0 ? 'vanished' : '';
}

export function isSignificant({ self, total }: FunctionRow): boolean {
  return self.isSignificant === true || total.isSignificant === true;
}

/** What was compared, and how it was tested. */
export function testText(
  { before, after, rows, tests, untested }: Comparison,
  { unit, significance }: { readonly unit: string; readonly significance: number },
): string {
  const amounts = `${amount(before, unit)} before, ${amount(after, unit)} after`;
  if (untested !== undefined) return `${amounts}; significance unknown: ${untested}`;
  const found = rows.filter(isSignificant).length;
  return `${amounts}; ${found} of ${counted(rows.length, 'function')} differ significantly (${counted(tests, 'test')}, Holm, level ${significance})`;
}

function amount(weight: number, unit: string): string {
  return unit === 'samples' ? counted(weight, 'sample') : `${weight} ${unit}`;
}
