/** An interval that includes both ends. */
export type Interval = readonly [low: number, high: number];

/** Returns the Wilson interval for a share. @param reach half width in standard deviations: 1.96 for 95 % */
export function shareInterval(weight: number, of: number, reach: number): Interval {
  const share = weight / of;
  const square = reach ** 2 / of;
  const half = reach * Math.sqrt((share * (1 - share) + square / 4) / of);
  return [(share + square / 2 - half) / (1 + square), (share + square / 2 + half) / (1 + square)];
}

/** Returns the score interval for a Poisson count. */
export function countInterval(count: number, reach: number): Interval {
  const square = reach ** 2;
  const half = reach * Math.sqrt(count + square / 4);
  return [count + square / 2 - half, count + square / 2 + half];
}

/** Returns Newcombe's interval for `after` − `before`, given the intervals for both. */
export function differenceInterval(
  before: number,
  [beforeLow, beforeHigh]: Interval,
  after: number,
  [afterLow, afterHigh]: Interval,
): Interval {
  return [
    after - before - Math.hypot(after - afterLow, beforeHigh - before),
    after - before + Math.hypot(afterHigh - after, before - beforeLow),
  ];
}
