import type { Interval } from '@stapflame/stacks';
import { DEFAULT_SIGNIFICANCE, resolveOptions } from './options.ts';
import { normalQuantile } from './special.ts';

/** How far an interval reaches to each side, in standard deviations: 1.96 at a level of 0.05. */
export function intervalReach(significance: number = DEFAULT_SIGNIFICANCE): number {
  return normalQuantile(resolveOptions({ significance }).significance / 2);
}

/** The score interval of a Poisson count, for counts by time. */
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
