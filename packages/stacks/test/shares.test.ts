import { describe, expect, it } from 'vitest';
import { batchOf, ShareSums, StackBatch, wilson, type Facts } from '../src/index.ts';

function sumsOf(counts: readonly number[], facts: Facts = {}): ShareSums {
  const sums = new ShareSums();
  for (const count of counts) sums.add(batchOf([{ frames: ['a'], count }], facts));
  return sums;
}

describe('a share', () => {
  it('of samples has a confidence interval', () => {
    expect(sumsOf([3, 5]).share(2)).toEqual({ weight: 2, share: 0.25, interval: wilson(2, 8) });
  });
  it('of any other unit has no confidence interval', () => {
    expect(sumsOf([3, 5], { unit: 'us' }).share(2)).toEqual({ weight: 2, share: 0.25 });
  });
  it('is a fraction of all stacks, including those that a filter left out', () => {
    expect(sumsOf([3, 5], { unit: 'us', filtered: 8 }).share(4)).toEqual({ weight: 4, share: 0.25 });
  });
  it('of nothing is 0', () => {
    expect(sumsOf([]).share(0)).toEqual({ weight: 0, share: 0, interval: [0, 1] });
  });
  it('has no rounding error', () => {
    expect(sumsOf([0.1, 0.2, 0.7], { unit: 'us' }).share(0.1 + 0.2)).toEqual({ weight: 0.3, share: 0.3 });
  });
});

describe('the sums of batches', () => {
  it('contain all batches, and the latest facts', () => {
    const sums = sumsOf([3, 5]);
    sums.add(batchOf([{ frames: ['b'], count: 2 }], { unit: 'us', filtered: 7 }));
    expect(sums.stacks).toBe(3);
    expect(sums.whole()).toEqual({ unit: 'us', weight: 10, filtered: 7 });
  });
  it('use the second of two weights', () => {
    const { table, frames, bounds } = batchOf([{ frames: ['a'], count: 1 }]);
    const weights = [Float64Array.of(3), Float64Array.of(5)];
    const sums = new ShareSums();
    expect(sums.add(new StackBatch({ table, frames, bounds, weights }))).toBe(weights[1]);
    expect(sums.whole()).toEqual({ unit: 'samples', weight: 5, filtered: 0 });
  });
});
