import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchOf, StackBatch, StackSelector, type PlainSample, type Selection } from '../src/index.ts';

const name = fc.constantFrom('a', 'b', 'c', 'pool_3');
const samples = fc.array(
  fc.record({ frames: fc.array(name, { minLength: 1, maxLength: 6 }), count: fc.nat(9) }),
  { maxLength: 20 },
);

function select(batch: StackBatch, selection: Selection): (readonly [string, number])[] {
  return Array.from(new StackSelector(selection).select(batch), ({ frames, count }) => [
    frames.map(({ label }) => label).join(';'),
    count,
  ]);
}

describe('a selection', () => {
  it('keeps stacks with a base, from the outermost of them on', () => {
    const batch = batchOf([
      { frames: ['leaf', 'b', 'a', 'b', 'root'], count: 1 },
      { frames: ['b'], count: 2 },
      { frames: ['leaf', 'root'], count: 4 },
    ]);
    expect(select(batch, { base: ['b'] })).toEqual([
      ['leaf;b;a;b', 1],
      ['b', 2],
    ]);
  });
  it('keeps stacks with any of several bases', () => {
    const batch = batchOf([
      { frames: ['x', 'a'], count: 1 },
      { frames: ['x', 'b', 'a'], count: 2 },
      { frames: ['x', 'c'], count: 4 },
    ]);
    expect(select(batch, { base: ['a', 'b'] })).toEqual([
      ['x;a', 1],
      ['x;b;a', 2],
    ]);
  });
  it('turned around twice, stacks are as they were', () => {
    fc.assert(
      fc.property(samples, (given: PlainSample[]) => {
        const turned = new StackSelector({ reverse: true }).select(batchOf(given));
        expect(turned.facts.reversed).toBe(true);
        const back = new StackSelector({ reverse: true }).select(turned);
        expect(back.facts.reversed).toBeUndefined();
        const stacks = Array.from(back, ({ frames, count }) => ({
          frames: frames.map(({ label }) => label),
          count,
        }));
        expect(stacks).toEqual(given);
      }),
    );
  });
  it('gives a root that becomes a leaf the label of a leaf', () => {
    expect(select(batchOf([{ frames: ['x', 'pool 3'], count: 1 }]), { reverse: true })).toEqual([
      ['pool_3;x', 1],
    ]);
  });
  it('takes one side of two', () => {
    const { table, frames, bounds } = batchOf([{ frames: ['a'], count: 1 }]);
    const weights = [Float64Array.of(3), Float64Array.of(5)];
    const batch = (): StackBatch => new StackBatch({ table, frames, bounds, weights });
    expect(select(batch(), { side: 'before' })).toEqual([['a', 3]]);
    expect(select(batch(), { side: 'after' })).toEqual([['a', 5]]);
    expect(new StackSelector({}).select(batch()).weights).toEqual(weights);
  });
  it('says what was chosen, and that the order is lost', () => {
    const batch = batchOf([{ frames: ['a'], count: 1 }], { unit: 'us', order: 'frame' });
    expect(new StackSelector({ base: ['a'] }).select(batch).facts).toEqual({ unit: 'us', base: ['a'] });
  });
});
