import type { Look } from '../src/picture/draw.ts';

/** 95 % of samplings of the same program would find a share within so many standard deviations. */
const Z = 1.96;

/** ` (11.9–12.7)`: what the share may be in truth, by Wilson; where weights are no samples, nothing can be said. */
export function intervalText(weight: number, of: number, { countname, factor }: Look): string {
  if (countname !== 'samples' || factor !== 1 || of === 0) return '';
  const share = weight / of;
  const widened = 1 + Z ** 2 / of;
  const middle = share + Z ** 2 / (2 * of);
  const half = Z * Math.sqrt((share * (1 - share)) / of + (Z / (2 * of)) ** 2);
  const [low, high] = [middle - half, middle + half].map((end) => ((100 * end) / widened).toFixed(1));
  return ` (${low}–${high})`;
}
