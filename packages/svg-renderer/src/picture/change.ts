import { countInterval, differenceInterval, shareInterval, type Interval } from './interval.ts';

/** The weights on both sides of a comparison. */
export interface Sides {
  readonly after: number;
  readonly allAfter: number;
  readonly before: number;
  readonly allBefore: number;
  /** Divisors for the weights; absent if shares of the totals are compared. */
  readonly exposures: readonly [before: number, after: number] | undefined;
}

/**
 * Returns the change in a weight, in percentage points. Each weight is relative to its own side's total or, with
 * exposures, to the 'before' total.
 */
export function pointsOf({ after, allAfter, before, allBefore, exposures }: Sides): number {
  const all = exposures ? (allBefore * exposures[1]) / exposures[0] : allAfter;
  return share(after, all) - share(before, allBefore);
}

function share(part: number, whole: number): number {
  return whole > 0 ? (100 * part) / whole : 0;
}

/** Formats a change: `+1.57` or, with an interval of `reach` standard deviations, `+1.57 [+0.32 … +2.82]`. */
export function changeText(sides: Sides, reach?: number): string {
  const text = signed(pointsOf(sides));
  if (reach === undefined) return text;
  return `${text} [${intervalOf(sides, reach).map(signed).join(' … ')}]`;
}

function intervalOf({ after, allAfter, before, allBefore, exposures }: Sides, reach: number): Interval {
  const percents = ([low, high]: Interval, factor: number): Interval => [low * factor, high * factor];
  if (!exposures)
    return differenceInterval(
      share(before, allBefore),
      percents(shareInterval(before, allBefore, reach), 100),
      share(after, allAfter),
      percents(shareInterval(after, allAfter, reach), 100),
    );
  const unitBefore = 100 / allBefore;
  const unitAfter = (unitBefore * exposures[0]) / exposures[1];
  return differenceInterval(
    before * unitBefore,
    percents(countInterval(before, reach), unitBefore),
    after * unitAfter,
    percents(countInterval(after, reach), unitAfter),
  );
}

function signed(points: number): string {
  const digits = Math.abs(points).toFixed(2);
  return `${points < 0 && Number(digits) > 0 ? '−' : '+'}${digits}`;
}
