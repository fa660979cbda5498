import type { Look } from '../src/picture/draw.ts';
import { shareInterval } from '../src/picture/interval.ts';

/** Half width of a 95 % interval, in standard deviations. */
const REACH = 1.96;

/** Returns the 95 % interval for a share, in percent, such as ` (11.9–12.7)`; empty if the weights are not samples. */
export function intervalText(weight: number, of: number, { countname, factor }: Look): string {
  if (countname !== 'samples' || factor !== 1 || of === 0) return '';
  const [low, high] = shareInterval(weight, of, REACH).map((end) => (100 * end).toFixed(1));
  return ` (${low}–${high})`;
}
