import type { Look } from '../src/picture/draw.ts';

/** Standard deviations around a share that hold 95 % of repeated measurements. */
const Z = 1.96;

/** ` (11.9–12.7)`: Wilson's 95 % interval of a share, in percent. Empty if weights are not samples. */
export function intervalText(weight: number, of: number, { countname, factor }: Look): string {
  if (countname !== 'samples' || factor !== 1 || of === 0) return '';
  const share = weight / of;
  const widened = 1 + Z ** 2 / of;
  const middle = share + Z ** 2 / (2 * of);
  const half = Z * Math.sqrt((share * (1 - share)) / of + (Z / (2 * of)) ** 2);
  const [low, high] = [middle - half, middle + half].map((end) => ((100 * end) / widened).toFixed(1));
  return ` (${low}–${high})`;
}
