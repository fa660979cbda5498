import { lnChoose, normalTail } from './special.ts';

/**
 * Up to this many samples on both sides together, the exact distribution is used; for more, the normal distribution.
 */
const EXACT_BELOW = 10_000;
/** Terms smaller than this share of the sum do not change the sum. */
const NEGLIGIBLE = 1e-17;

/**
 * The distribution of a function's samples over the two sides, assuming that the sides do not differ. The number of
 * samples on both sides together is given, so the function's frequency need not be known.
 */
export interface Split {
  /** Expected share of the samples that are on the `after` side, between 0 and 1. */
  readonly share: number;
  /** Returns the smallest and the largest number of samples, out of `count`, that can be on the `after` side. */
  range(count: number): readonly [number, number];
  /** Returns the logarithm of the probability that `after` of `count` samples are on the `after` side. */
  lnProbability(count: number, after: number): number;
  /** Returns the probability of `after` + 1 samples on the `after` side, divided by that of `after` samples. */
  ratio(count: number, after: number): number;
  variance(count: number): number;
}

/**
 * Returns the distribution for comparing shares of totals. The function's samples are drawn from all samples without
 * replacement (Fisher's exact test).
 */
export function splitByTotals(before: number, after: number): Split {
  const all = before + after;
  return {
    share: after / all,
    range: (count) => [Math.max(0, count - before), Math.min(count, after)],
    lnProbability: (count, k) => lnChoose(after, k) + lnChoose(before, count - k) - lnChoose(all, count),
    ratio: (count, k) => ((after - k) * (count - k)) / ((k + 1) * (before - count + k + 1)),
    variance: (count) => (count * (all - count) * (before / all) * (after / all)) / Math.max(1, all - 1),
  };
}

/**
 * Returns the distribution for comparing rates. The probability that a sample is on a given side depends on how long
 * that side was sampled (two Poisson counts).
 */
export function splitByTime(before: number, after: number): Split {
  const share = after / (before + after);
  return {
    share,
    range: (count) => [0, count],
    lnProbability: (count, k) => lnChoose(count, k) + k * Math.log(share) + (count - k) * Math.log1p(-share),
    ratio: (count, k) => (((count - k) / (k + 1)) * share) / (1 - share),
    variance: (count) => count * share * (1 - share),
  };
}

/**
 * Returns the two-sided p-value, which is the probability of a difference at least this large if the sides do not
 * differ. It is twice the probability of the smaller tail. It is exact up to 10,000 samples, and uses the normal
 * distribution for more.
 */
export function pValue(split: Split, before: number, after: number): number {
  const count = before + after;
  const expected = count * split.share;
  if (count > EXACT_BELOW) {
    const deviation = Math.max(0, Math.abs(after - expected) - 0.5);
    const variance = split.variance(count);
    return variance === 0 ? 1 : Math.min(1, 2 * normalTail(deviation / Math.sqrt(variance)));
  }
  return Math.min(1, 2 * tail(split, count, after, after < expected ? -1 : 1));
}

/** Returns the smallest p-value possible for this number of samples, however they are distributed. */
export function leastPValue(split: Split, count: number): number {
  const [fewest, most] = split.range(count);
  const ends = [split.lnProbability(count, fewest), split.lnProbability(count, most)];
  return Math.min(1, 2 * Math.exp(Math.min(...ends)));
}

/**
 * Returns the probability of `after` samples, or of a number farther from the expected number in the same direction.
 */
function tail(split: Split, count: number, after: number, direction: 1 | -1): number {
  const [fewest, most] = split.range(count);
  let term = Math.exp(split.lnProbability(count, after));
  let sum = term;
  for (let k = after; direction > 0 ? k < most : k > fewest; k += direction) {
    term *= direction > 0 ? split.ratio(count, k) : 1 / split.ratio(count, k - 1);
    sum += term;
    if (term < sum * NEGLIGIBLE) break;
  }
  return sum;
}
