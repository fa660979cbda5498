import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wilson } from '../src/index.ts';

it.each([
  [0, 10, 0, 0.2775],
  [5, 10, 0.2366, 0.7634],
  [10, 10, 0.7225, 1],
  [10, 100, 0.0552, 0.1744],
  [0, 0, 0, 1],
])('the interval for %i hits in %i samples is %f to %f, as in published tables', (hits, all, low, high) => {
  const interval = wilson(hits, all);
  expect(interval[0]).toBeCloseTo(low, 4);
  expect(interval[1]).toBeCloseTo(high, 4);
});

it('an interval contains its share, stays between 0 and 1, and is symmetric', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), fc.double({ min: 0, max: 1, noNaN: true }), (all, part) => {
      const hits = Math.round(all * part);
      const [low, high] = wilson(hits, all);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(low).toBeLessThanOrEqual(hits / all);
      expect(high).toBeGreaterThanOrEqual(hits / all);
      expect(high).toBeLessThanOrEqual(1);
      const [otherLow, otherHigh] = wilson(all - hits, all);
      expect(otherLow).toBeCloseTo(1 - high, 12);
      expect(otherHigh).toBeCloseTo(1 - low, 12);
    }),
  );
});

/**
 * Returns the probability that the interval contains the true share if `samples` samples are drawn: the sum of the
 * probabilities of all numbers of hits whose intervals contain the true share.
 */
function coverage(share: number, samples: number): number {
  let held = 0;
  let lnLikelihood = samples * Math.log1p(-share);
  for (let hits = 0; hits <= samples; hits++) {
    const [low, high] = wilson(hits, samples);
    if (low <= share && share <= high) held += Math.exp(lnLikelihood);
    lnLikelihood += Math.log(((samples - hits) / (hits + 1)) * (share / (1 - share)));
  }
  return held;
}

it.each([0.01, 0.1, 0.5])(
  'the interval contains a true share of %f with a probability of about 95 %%',
  (share) => {
    const covered = [100, 1000, 10_000].map((samples) => coverage(share, samples));
    const mean = covered.reduce((sum, each) => sum + each, 0) / covered.length;
    expect(mean).toBeGreaterThan(0.935);
    expect(mean).toBeLessThan(0.965);
  },
);
