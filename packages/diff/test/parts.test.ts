import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { significantParts } from '../src/index.ts';

describe('parts of two profiles', () => {
  it('are significant if their shares differ by more than chance explains', () => {
    const before = [500, 300, 1, 0];
    const after = [700, 310, 2, 60];
    expect(significantParts({ before, after, totalBefore: 5000, totalAfter: 5000 })).toEqual(
      Uint8Array.of(1, 0, 0, 1),
    );
  });

  it('are not significant if their shares are equal, however large the shares are', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1e6), { minLength: 1 }), (counts) => {
        const total = counts.reduce((sum, count) => sum + count, 1);
        const sides = { before: counts, after: counts, totalBefore: total, totalAfter: total };
        expect(significantParts(sides)).toEqual(new Uint8Array(counts.length));
      }),
    );
  });

  it('have a count of 0 on a side that does not list them', () => {
    const counts = { before: [500, 100], after: [500], totalBefore: 5000, totalAfter: 5000 };
    expect(significantParts(counts)).toEqual(Uint8Array.of(0, 1));
  });

  it('share one significance level, so with more parts, each needs a larger difference', () => {
    const alone = { before: [500], after: [570], totalBefore: 5000, totalAfter: 5000 };
    const many = {
      ...alone,
      before: [500, ...Array.from({ length: 999 }, () => 400)],
      after: [570, ...Array.from({ length: 999 }, () => 400)],
    };
    expect(significantParts(alone)![0]).toBe(1);
    expect(significantParts(many)![0]).toBe(0);
    expect(significantParts(alone, { significance: 0.001 })![0]).toBe(0);
  });

  it('are compared by time if the durations of both sides are given', () => {
    const twice = { before: [500], after: [1000], totalBefore: 500, totalAfter: 1000 };
    expect(significantParts(twice, { exposures: [1, 2] })![0]).toBe(0);
    expect(significantParts(twice, { exposures: [1, 1] })![0]).toBe(1);
  });

  it.each([
    ['one side has no samples', { before: [0], after: [1], totalBefore: 0, totalAfter: 1 }],
    ['counts have decimals', { before: [1.5], after: [1], totalBefore: 2, totalAfter: 1 }],
    ['sums are rounded', { before: [1], after: [1], totalBefore: 2 ** 53, totalAfter: 1 }],
  ])('are not tested if %s', (_, counts) => {
    expect(significantParts(counts)).toBeUndefined();
  });
});
