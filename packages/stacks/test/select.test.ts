import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  batchOf,
  faultOf,
  FrameList,
  StackBatch,
  StackBuilder,
  StackSelector,
  type FrameTable,
  type PlainSample,
  type Selection,
} from '../src/index.ts';

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
  it('keeps stacks that contain the base frame, and begins them at its outermost occurrence', () => {
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
  it('keeps stacks with any of several base frames', () => {
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
  it('reverses stacks, and restores them if applied twice', () => {
    fc.assert(
      fc.property(samples, (given: PlainSample[]) => {
        const turned = new StackSelector({ reverse: true }).select(batchOf(given));
        expect(turned.facts.reversed).toBe(true);
        expect(faultOf(turned)).toBeUndefined();
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
  it('makes a leaf label for a root that becomes a leaf', () => {
    expect(select(batchOf([{ frames: ['x', 'pool 3'], count: 1 }]), { reverse: true })).toEqual([
      ['pool_3;x', 1],
    ]);
  });
  it('skips the frames below the innermost matching frame, and keeps stacks without a match complete', () => {
    const batch = batchOf([
      { frames: ['leaf', 'b', 'a', 'b', 'root'], count: 1 },
      { frames: ['leaf', 'root'], count: 2 },
    ]);
    expect(select(batch, { skipAfter: ['b'] })).toEqual([
      ['leaf;b', 1],
      ['leaf;root', 2],
    ]);
  });
  it('merges only adjacent frames with the same label', () => {
    const batch = batchOf([{ frames: ['b', 'a', 'a', 'b', 'b', 'b', 'a'], count: 1 }]);
    expect(select(batch, { collapseRecursion: true })).toEqual([['b;a;b;a', 1]]);
  });
  it('keeps the innermost of several recursive frames, even if their addresses differ', () => {
    const table = new FrameList();
    const ids = ['0x1', '0x2', '0x3'].map((address) => table.add({ label: 'f', address }));
    const builder = new StackBuilder();
    builder.add(Uint32Array.from(ids), 0, 3, 1);
    const [sample] = new StackSelector({ collapseRecursion: true }).select(builder.take(table));
    expect(sample!.frames).toEqual([{ label: 'f', address: '0x1' }]);
  });
  it('makes a leaf label for a caller that becomes a leaf', () => {
    const batch = batchOf([{ frames: ['x', 'pool 3', 'root'], count: 1 }]);
    expect(select(batch, { hide: /x/ })).toEqual([['pool_3;root', 1]]);
  });
  it('leaves out a stack whose frames are all hidden, and reports its weight', () => {
    const batch = batchOf(
      [
        { frames: ['a'], count: 0.1 },
        { frames: ['a', 'a'], count: 0.2 },
        { frames: ['b', 'a'], count: 4 },
      ],
      { filtered: 1 },
    );
    const selector = new StackSelector({ hide: /a/ });
    const selected = selector.select(batch);
    expect([...selected].map(({ count }) => count)).toEqual([4]);
    expect(selected.facts.filtered).toBe(1.3);
    expect(selector.summary()).toEqual({ kept: 1, filtered: 2, filteredWeight: 0.3, unmatched: [] });
  });
  it('adds up the weight that it leaves out of all batches, using the second of two weights', () => {
    const { table, frames, bounds } = batchOf([{ frames: ['a'], count: 1 }]);
    const weights = [Float64Array.of(3), Float64Array.of(5)];
    const selector = new StackSelector({ focus: /b/ });
    const filtered = [1, 2].map(
      () => selector.select(new StackBatch({ table, frames, bounds, weights })).facts.filtered,
    );
    expect(filtered).toEqual([5, 10]);
  });
  it('reports the conditions that no frame meets', () => {
    const selector = new StackSelector({
      focus: /a/,
      hide: /z/,
      base: ['y'],
      skipAfter: ['a'],
      ignore: /^$/,
    });
    selector.select(batchOf([{ frames: ['a', 'b'], count: 1 }]));
    expect(selector.summary().unmatched).toEqual(['ignore', 'hide', 'base']);
  });
  it('searches each label from its start, even with a global regular expression', () => {
    const stacks = Array.from({ length: 4 }, (_, i) => ({ frames: [`a${i}`], count: 1 }));
    expect(select(batchOf(stacks), { focus: /a/g })).toHaveLength(4);
  });
  it('handles a table that grows, and a switch to another table', () => {
    const table = new FrameList();
    const selector = new StackSelector({ hide: /^b/ });
    const kept = (label: string, of: FrameList): number => {
      const builder = new StackBuilder();
      builder.add(Uint32Array.of(of.add({ label })), 0, 1, 1);
      return selector.select(builder.take(of)).length;
    };
    const labels = Array.from({ length: 3000 }, (_, i) => (i % 3 === 0 ? `b${i}` : `a${i}`));
    for (const label of labels) expect(kept(label, table)).toBe(label.startsWith('b') ? 0 : 1);
    expect(kept('a', new FrameList())).toBe(1);
    expect(kept('b', new FrameList())).toBe(0);
  });
  it('reads the label of each distinct frame only once', () => {
    const batch = batchOf(Array.from({ length: 50 }, () => ({ frames: ['a', 'b', 'a'], count: 1 })));
    const looked: string[] = [];
    const source = batch.table;
    const table: FrameTable = {
      size: source.size,
      label: (id) => (looked.push(source.label(id)), source.label(id)),
      frame: (id) => source.frame(id),
    };
    const { frames, bounds, weights } = batch;
    new StackSelector({ focus: /a/, hide: /b/ }).select(new StackBatch({ table, frames, bounds, weights }));
    expect(looked).toEqual(['a', 'b']);
  });
  it('keeps only one of two weight columns if requested', () => {
    const { table, frames, bounds } = batchOf([{ frames: ['a'], count: 1 }]);
    const weights = [Float64Array.of(3), Float64Array.of(5)];
    const batch = (): StackBatch => new StackBatch({ table, frames, bounds, weights });
    expect(select(batch(), { side: 'before' })).toEqual([['a', 3]]);
    expect(select(batch(), { side: 'after' })).toEqual([['a', 5]]);
    expect(new StackSelector({}).select(batch()).weights).toEqual(weights);
  });
  it('adds the base frames to the facts, and removes the fact that stacks are ordered by frame', () => {
    const batch = batchOf([{ frames: ['a'], count: 1 }], { unit: 'us', order: 'frame' });
    expect(new StackSelector({ base: ['a'] }).select(batch).facts).toEqual({ unit: 'us', base: ['a'] });
  });
  it('keeps the fact that stacks are ordered by time', () => {
    const batch = batchOf([{ frames: ['a'], count: 1 }], { order: 'time' });
    expect(new StackSelector({ base: ['a'] }).select(batch).facts).toEqual({ order: 'time', base: ['a'] });
  });
  it('accepts stacks of any depth', () => {
    const frames = Array.from({ length: 1000 }, (_, i) => `f${i}`);
    const batch = batchOf([
      { frames: ['f0'], count: 1 },
      { frames, count: 2 },
    ]);
    expect(select(batch, { hide: /^f1$/ })).toEqual([
      ['f0', 1],
      [frames.toSpliced(1, 1).join(';'), 2],
    ]);
  });
});

describe('filters', () => {
  const pattern = fc.constantFrom(/a/, /b/, /[ac]/, /^c$/, /o/, /z/);
  const filters = fc.record(
    { focus: pattern, ignore: pattern, hide: pattern, show: pattern, showFrom: pattern },
    { requiredKeys: [] },
  );
  /** Filters a single stack, given leaf first. */
  const filtered = (frames: readonly string[], by: Selection): readonly string[] => {
    if (by.focus && !frames.some((label) => by.focus!.test(label))) return [];
    if (by.ignore && frames.some((label) => by.ignore!.test(label))) return [];
    const visible = frames.filter(
      (label) => !(by.hide?.test(label) ?? false) && (by.show?.test(label) ?? true),
    );
    if (!by.showFrom) return visible;
    return visible.slice(0, visible.findLastIndex((label) => by.showFrom!.test(label)) + 1);
  };

  it('select stacks first, then frames, and then the frame at which each stack begins', () => {
    fc.assert(
      fc.property(samples, filters, (given, by) => {
        const expected = given.flatMap(({ frames, count }) => {
          const kept = filtered(frames, by);
          return kept.length === 0 ? [] : [[kept.join(';'), count] as const];
        });
        expect(select(batchOf(given), by)).toEqual(expected);
      }),
    );
  });
  it('lose no weight: the weights of kept and left-out stacks add up to the total', () => {
    fc.assert(
      fc.property(samples, filters, (given, by) => {
        const sum = (of: readonly PlainSample[]): number => of.reduce((all, { count }) => all + count, 0);
        const selector = new StackSelector({ ...by, base: ['a'] });
        const selected = selector.select(batchOf(given));
        const kept = [...selected].reduce((all, { count }) => all + count, 0);
        expect(kept + selector.summary().filteredWeight).toBe(sum(given));
        expect(selected.facts.filtered ?? 0).toBe(selector.summary().filteredWeight);
      }),
    );
  });
});
