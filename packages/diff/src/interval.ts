import { DEFAULT_SIGNIFICANCE, resolveOptions } from './options.ts';
import { normalQuantile } from './special.ts';

/** From … to …, both included. */
export type Interval = readonly [low: number, high: number];

/** How far an interval reaches to each side, in standard deviations: 1.96 at a level of 0.05. */
export function intervalReach(significance: number = DEFAULT_SIGNIFICANCE): number {
  return normalQuantile(resolveOptions({ significance }).significance / 2);
}

/** Wilson's interval of a share. It keeps its level near 0 and 1, and with few samples. */
export function shareInterval(count: number, total: number, z: number): Interval {
  if (total === 0) return [0, 1];
  const share = count / total;
  const square = (z * z) / total;
  const middle = (share + square / 2) / (1 + square);
  const reach = (z / (1 + square)) * Math.sqrt((share * (1 - share) + square / 4) / total);
  return [Math.max(0, middle - reach), Math.min(1, middle + reach)];
}

/** The same for a count by time: the score interval of a Poisson count. */
export function countInterval(count: number, z: number): Interval {
  const square = z * z;
  const reach = z * Math.sqrt(count + square / 4);
  return [Math.max(0, count + square / 2 - reach), count + square / 2 + reach];
}

/** Newcombe's interval of the difference of two values, from the interval of each. */
export function differenceInterval(
  before: number,
  [beforeLow, beforeHigh]: Interval,
  after: number,
  [afterLow, afterHigh]: Interval,
): Interval {
  const difference = after - before;
  return [
    difference - Math.hypot(after - afterLow, beforeHigh - before),
    difference + Math.hypot(afterHigh - after, before - beforeLow),
  ];
}
