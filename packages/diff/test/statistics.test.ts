import { wilson } from '@stapflame/stacks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { significantOf } from '../src/family.ts';
import { countInterval, differenceInterval } from '../src/interval.ts';
import { lnChoose, lnFactorial, normalQuantile, normalTail } from '../src/special.ts';
import { leastPValue, pValue, splitByTime, splitByTotals, type Split } from '../src/test-of-counts.ts';
import { chance, compare, draw } from './samples.ts';

/** Computes a p-value by adding up the probabilities of all outcomes. */
function pByCounting(split: Split, before: number, after: number): number {
  const count = before + after;
  const [fewest, most] = split.range(count);
  let [lower, upper] = [0, 0];
  for (let k = fewest; k <= most; k++) {
    const probability = Math.exp(split.lnProbability(count, k));
    if (k <= after) lower += probability;
    if (k >= after) upper += probability;
  }
  return Math.min(1, 2 * Math.min(lower, upper));
}

describe('statistical functions', () => {
  it('match published tables', () => {
    expect(normalTail(0)).toBeCloseTo(0.5, 14);
    expect(normalTail(1.959963984540054)).toBeCloseTo(0.025, 13);
    expect(normalTail(6) / 9.865876450376946e-10).toBeCloseTo(1, 11);
    expect(normalQuantile(0.025)).toBeCloseTo(1.959963984540054, 12);
    expect(lnFactorial(300) / 1414.905849945068).toBeCloseTo(1, 13);
    expect(Math.exp(lnChoose(52, 5))).toBeCloseTo(2_598_960, 4);
  });
  it('are continuous where the method changes', () => {
    expect(lnFactorial(256) - lnFactorial(255)).toBeCloseTo(Math.log(256), 11);
    expect(normalTail(2 - 1e-9) / normalTail(2 + 1e-9)).toBeCloseTo(1, 7);
  });
});

describe('the test of two counts', () => {
  it("is Fisher's exact test, as in his example of the lady tasting tea", () => {
    // Milk was poured first into 4 of 8 cups. The lady chose 4 cups, and 3 of them were correct.
    expect(pValue(splitByTotals(4, 4), 1, 3)).toBeCloseTo(34 / 70, 12);
  });
  it('is the binomial test if counts are compared by time', () => {
    expect(pValue(splitByTime(1, 1), 2, 8)).toBeCloseTo((2 * (45 + 10 + 1)) / 1024, 12);
    expect(pValue(splitByTime(10, 30), 5, 0)).toBeCloseTo(2 * 0.25 ** 5, 12);
  });
  it('returns the same p-value as adding up the probabilities of all outcomes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 300 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (totalBefore, totalAfter, partBefore, partAfter) => {
          const [before, after] = [Math.round(totalBefore * partBefore), Math.round(totalAfter * partAfter)];
          for (const split of [
            splitByTotals(totalBefore, totalAfter),
            splitByTime(totalBefore, totalAfter),
          ]) {
            const p = pValue(split, before, after);
            expect(p).toBeCloseTo(pByCounting(split, before, after), 9);
            expect(leastPValue(split, before + after)).toBeLessThanOrEqual(p * (1 + 1e-9));
          }
        },
      ),
    );
  });
  it('is nearly continuous where the normal distribution takes over', () => {
    const split = splitByTotals(100_000, 80_000);
    const [below, above] = [pValue(split, 5400, 4599), pValue(split, 5401, 4600)];
    expect(Math.log(above) / Math.log(below)).toBeCloseTo(1, 1);
  });
  it('also uses the normal distribution for many samples if they are compared by time', () => {
    const split = splitByTime(1, 1);
    const [below, above] = [pValue(split, 5150, 4849), pValue(split, 5151, 4850)];
    expect(Math.log(above) / Math.log(below)).toBeCloseTo(1, 1);
  });
});

describe('intervals', () => {
  it("agree with the example in Newcombe's paper", () => {
    const z = normalQuantile(0.025);
    const [low, high] = differenceInterval(48 / 80, wilson(48, 80, z), 56 / 70, wilson(56, 70, z));
    expect(low).toBeCloseTo(0.0524, 4);
    expect(high).toBeCloseTo(0.3339, 4);
  });
  it('have a positive width even for a count of zero', () => {
    const z = normalQuantile(0.025);
    expect(wilson(0, 10, z)[1]).toBeCloseTo(0.2775, 4);
    expect(wilson(0, 0, z)).toEqual([0, 1]);
    expect(countInterval(0, z)).toEqual([0, expect.closeTo(3.84, 2)]);
  });
  it('contain the true difference about 95 % of the time', () => {
    const next = chance(7);
    const [before, after] = [0.1, 0.13];
    let held = 0;
    const runs = 400;
    for (let run = 0; run < runs; run++) {
      const name = (i: number): string => (i === 0 ? 'hot' : 'other');
      const { rows } = compare(
        draw([before, 1 - before], 700, next, name),
        draw([after, 1 - after], 500, next, name),
      );
      const [low, high] = rows.find(({ label }) => label === 'hot')!.self.interval!;
      if (low <= 3 && 3 <= high) held++;
    }
    expect(held / runs).toBeGreaterThan(0.92);
    expect(held / runs).toBeLessThan(0.98);
  });
});

describe('a family of tests', () => {
  const tests = (...ps: number[]): { p: number; least: number }[] => ps.map((p) => ({ p, least: 0 }));
  it("is corrected by Holm's method, which multiplies each p-value by the number of remaining tests", () => {
    const family = tests(0.01, 0.04, 0.03, 0.005);
    expect([...significantOf(family, 0.05)].map(({ p }) => p)).toEqual([0.005, 0.01]);
  });
  it('does not count tests that could never be significant', () => {
    const hopeless = Array.from({ length: 1000 }, () => ({ p: 1, least: 0.5 }));
    const [found] = tests(0.03);
    expect(significantOf([...hopeless, found!], 0.05)).toEqual(new Set([found]));
  });
  it('has no significant results if it is empty', () => {
    expect(significantOf([], 0.05).size).toBe(0);
  });
});

describe('the significance test', () => {
  /** Relative frequencies of a thousand functions. As in a real profile, only a few functions are frequent. */
  const frequencies = Array.from({ length: 1000 }, (_, i) => 1 / (i + 3));
  const all = frequencies.reduce((a, b) => a + b, 0);
  const name = (i: number): string => `main;module${i % 20};f${i}`;

  it('rarely finds a difference if both sides have the same distribution', () => {
    const next = chance(11);
    const runs = 150;
    let wrong = 0;
    for (let run = 0; run < runs; run++) {
      const [one, other] = [draw(frequencies, 2000, next, name), draw(frequencies, 1500, next, name)];
      if (compare(one, other).rows.some(({ self, total }) => self.isSignificant || total.isSignificant))
        wrong++;
    }
    expect(wrong / runs).toBeLessThanOrEqual(0.05 + 2 * Math.sqrt((0.05 * 0.95) / runs));
  });
  it('finds the one function out of a thousand whose share rose from 10 % to 14 %', () => {
    const next = chance(13);
    const withHot = (share: number): number[] => [
      share,
      ...frequencies.map((each) => (each / all) * (1 - share)),
    ];
    const named = (i: number): string => (i === 0 ? 'main;hot' : name(i));
    const runs = 60;
    let found = 0;
    for (let run = 0; run < runs; run++) {
      const { rows } = compare(draw(withHot(0.1), 5000, next, named), draw(withHot(0.14), 5000, next, named));
      if (rows[0]!.label === 'hot' && rows[0]!.self.isSignificant) found++;
    }
    expect(found / runs).toBeGreaterThanOrEqual(0.95);
  });
});
