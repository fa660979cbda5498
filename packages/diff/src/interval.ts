import type { Interval } from '@stapflame/stacks';
import { DEFAULT_SIGNIFICANCE, resolveOptions } from './options.ts';
import { normalQuantile } from './special.ts';

/** Half width of intervals, in standard deviations: 1.96 at a significance level of 0.05. */
export function intervalReach(significance: number = DEFAULT_SIGNIFICANCE): number {
  return normalQuantile(resolveOptions({ significance }).significance / 2);
}

/** The score interval for a Poisson count, for counts by time. */
export function countInterval(count: number, z: number): Interval {
  const square = z * z;
  const reach = z * Math.sqrt(count + square / 4);
  return [Math.max(0, count + square / 2 - reach), count + square / 2 + reach];
}

/** Newcombe's interval for the difference of two values, from both intervals. */
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
