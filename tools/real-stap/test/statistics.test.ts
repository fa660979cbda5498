import { expect, it } from 'vitest';
import { chiSquare, deviations, homogeneity, median, refusedByHolm } from '../laboratory/statistics.ts';

it('matches the quantiles in published tables of the chi-square distribution', () => {
  const p = (value: number, degrees: number): number =>
    chiSquare([
      // in a run with one degree of freedom, each count adds half of the value; runs without samples add the others
      { counts: [100 + Math.sqrt(value * 50), 100 - Math.sqrt(value * 50)], shares: [0.5, 0.5] },
      {
        counts: Array.from({ length: degrees }, () => 0),
        shares: Array.from({ length: degrees }, () => 1 / degrees),
      },
    ]).p;
  expect(p(3.841, 1)).toBeCloseTo(0.05, 4);
  expect(p(6.635, 1)).toBeCloseTo(0.01, 4);
  expect(p(5.991, 2)).toBeCloseTo(0.05, 4);
  expect(p(37.566, 20)).toBeCloseTo(0.01, 4);
  expect(p(8.26, 20)).toBeCloseTo(0.99, 3);
});

it('measures deviations in standard deviations of a binomial count', () => {
  expect(deviations({ counts: [60, 40], shares: [0.5, 0.5] })).toEqual([2, -2]);
});

it("rejects by Holm's method: divides the level by the number of remaining hypotheses, until one is kept", () => {
  expect(refusedByHolm([0.004, 0.2, 0.003, 0.006], 0.01)).toEqual([false, false, false, false]);
  expect(refusedByHolm([0.004, 0.2, 0.002, 0.003], 0.01)).toEqual([true, false, true, true]);
});

it('takes the median of an even number of values between the middle two', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
});

it('compares two runs by each frequent name, and by all other names together', () => {
  const counts = (a: number, b: number, rare: number): ReadonlyMap<string, number> =>
    new Map([
      ['a', a],
      ['b', b],
      ['c', rare],
      ['d', rare],
    ]);
  expect(homogeneity(counts(60, 36, 2), counts(60, 36, 2))).toMatchObject({ value: 0, degrees: 2, p: 1 });
  // 30 of 100 against 50 of 100: chi-square is 8.333
  const [fewer, more] = [
    new Map([
      ['a', 30],
      ['b', 70],
    ]),
    new Map([
      ['a', 50],
      ['b', 50],
    ]),
  ] as const;
  expect(homogeneity(fewer, more).value).toBeCloseTo(8.3333, 4);
  expect(homogeneity(fewer, more).p).toBeCloseTo(0.00389, 5);
});
