/** An interval, both ends included. */
export type Interval = readonly [low: number, high: number];

/** Wilson's interval for a share. @param reach standard deviations to each side: 1.96 for 95 % */
export function shareInterval(weight: number, of: number, reach: number): Interval {
  const share = weight / of;
  const square = reach ** 2 / of;
  const half = reach * Math.sqrt((share * (1 - share) + square / 4) / of);
  return [(share + square / 2 - half) / (1 + square), (share + square / 2 + half) / (1 + square)];
}

/** The score interval for a Poisson count. */
export function countInterval(count: number, reach: number): Interval {
  const square = reach ** 2;
  const half = reach * Math.sqrt(count + square / 4);
  return [count + square / 2 - half, count + square / 2 + half];
}

/** Newcombe's interval for `after` − `before`, from the intervals of both. */
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
