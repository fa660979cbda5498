import type { Interval } from '@stapflame/stacks';
import { DEFAULT_SIGNIFICANCE, resolveOptions } from './options.ts';
import { normalQuantile } from './special.ts';

/** Returns half the width of an interval in standard deviations, such as 1.96 for a significance level of 0.05. */
export function intervalReach(significance: number = DEFAULT_SIGNIFICANCE): number {
  return normalQuantile(resolveOptions({ significance }).significance / 2);
}

/** Returns the score interval for a Poisson count, which is used when counts are compared by time. */
export function countInterval(count: number, z: number): Interval {
  const square = z * z;
  const reach = z * Math.sqrt(count + square / 4);
  return [Math.max(0, count + square / 2 - reach), count + square / 2 + reach];
}

/** Returns Newcombe's interval for the difference between two values, computed from the intervals for both values. */
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
