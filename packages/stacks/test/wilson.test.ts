import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wilson } from '../src/index.ts';

it.each([
  [0, 10, 0, 0.2775],
  [5, 10, 0.2366, 0.7634],
  [10, 10, 0.7225, 1],
  [10, 100, 0.0552, 0.1744],
  [0, 0, 0, 1],
])('the interval of %i in %i is that of the tables: %f to %f', (hits, all, low, high) => {
  const interval = wilson(hits, all);
  expect(interval[0]).toBeCloseTo(low, 4);
  expect(interval[1]).toBeCloseTo(high, 4);
});

it('an interval holds its share, stays between 0 and 1, and turns with it', () => {
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

/** Numbers from 0 to 1 (mulberry32): the same for the same seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** In which share of so many draws of `samples` the interval holds the true share. */
function coverage(share: number, samples: number, draws: number, random: () => number): number {
  let held = 0;
  for (let draw = 0; draw < draws; draw++) {
    let hits = 0;
    for (let i = 0; i < samples; i++) if (random() < share) hits++;
    const [low, high] = wilson(hits, samples);
    if (low <= share && share <= high) held++;
  }
  return held / draws;
}

it('the true share lies in the interval in 95 of 100 draws', () => {
  const random = generator(20);
  for (const share of [0.01, 0.1, 0.5]) {
    const covered = [100, 1000, 10_000].map((samples) => coverage(share, samples, 1000, random));
    const mean = covered.reduce((sum, each) => sum + each, 0) / covered.length;
    expect(mean).toBeGreaterThan(0.93);
    expect(mean).toBeLessThan(0.97);
  }
});
