import { lnChoose, normalTail } from './special.ts';

/** From this number of samples on both sides together, the normal distribution replaces the exact one. */
const EXACT_BELOW = 10_000;
/** Terms smaller than this share of the sum do not change it. */
const NEGLIGIBLE = 1e-17;

/**
 * The distribution of one function's samples over the two sides if the sides do not differ. The number on both sides
 * together is given, so this needs no assumption about how frequent the function is.
 */
export interface Split {
  /** Expected share of the samples after, between 0 and 1. */
  readonly share: number;
  /** The smallest and the largest number of `count` samples that can be on the side after. */
  range(count: number): readonly [number, number];
  /** Logarithm of the probability that `after` of `count` samples are on the side after. */
  lnProbability(count: number, after: number): number;
  /** Ratio of the probabilities of `after` + 1 and `after` samples on the side after. */
  ratio(count: number, after: number): number;
  variance(count: number): number;
}

/** Shares of totals: the function's samples are drawn from all samples without replacement (Fisher's exact test). */
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

/** Rates: a sample's chance of belonging to a side depends on how long the side was sampled (two Poisson counts). */
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
 * Two-sided p-value: the chance of a difference this large or larger if the sides do not differ; twice the smaller
 * tail. Exact up to 10,000 samples; above, from the normal distribution.
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

/** The smallest p-value that this many samples can have, however they are distributed. */
export function leastPValue(split: Split, count: number): number {
  const [fewest, most] = split.range(count);
  const ends = [split.lnProbability(count, fewest), split.lnProbability(count, most)];
  return Math.min(1, 2 * Math.exp(Math.min(...ends)));
}

/** The chance of `after` samples, or of a number farther from the expected one in the same direction. */
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
