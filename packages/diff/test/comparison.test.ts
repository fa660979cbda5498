import { batchOf, FrameList, StackBatch, StackBuilder } from '@stapflame/stacks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onSide, StackComparison, type FunctionRow } from '../src/index.ts';
import { batch, compare } from './samples.ts';

function rowOf(rows: readonly FunctionRow[], label: string): FunctionRow {
  return rows.find((row) => row.label === label)!;
}

describe('a comparison', () => {
  it("returns each function's self and total weight as a count and as a percentage of its side", () => {
    const { rows, before, after } = compare({ 'main;a': 60, 'main;a;b': 40 }, { 'main;a': 20, 'main;c': 30 });
    expect({ before, after }).toEqual({ before: 100, after: 50 });
    expect(rowOf(rows, 'a')).toMatchObject({
      self: { before: 60, after: 20, percentBefore: 60, percentAfter: 40, points: -20 },
      total: { before: 100, after: 20, percentBefore: 100, percentAfter: 40, points: -60 },
    });
    expect(rowOf(rows, 'main').total).toMatchObject({ percentBefore: 100, percentAfter: 100, points: 0 });
  });
  it('counts a stack only once for a recursive function', () => {
    const { rows } = compare({ 'f;f;f': 5, 'f;g;f;g': 2 }, { f: 1 });
    expect(rowOf(rows, 'f').total.before).toBe(7);
    expect(rowOf(rows, 'g').total.before).toBe(2);
  });
  it('has a row for each function, even if there are thousands', () => {
    const side = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`main;f${i}`, i + 1]));
    const { rows } = compare(side, side);
    expect(rows.length).toBe(3001);
    expect(rowOf(rows, 'f2999').self).toMatchObject({ before: 3000, after: 3000 });
  });
  it('adds up batches that share a table', () => {
    const table = new FrameList();
    const f = Uint32Array.of(table.add({ label: 'f' }));
    const builder = new StackBuilder();
    const comparison = new StackComparison();
    for (const weight of [2, 3]) {
      builder.add(f, 0, 1, weight);
      comparison.push(builder.take(table));
    }
    expect(comparison.finish().rows).toMatchObject([{ label: 'f', self: { before: 5, after: 5 } }]);
  });
  it('includes functions that occur on only one side', () => {
    const { rows } = compare({ 'main;old': 500, main: 500 }, { 'main;new': 500, main: 500 });
    expect(rowOf(rows, 'old').self).toMatchObject({
      before: 500,
      after: 0,
      points: -50,
      isSignificant: true,
    });
    expect(rowOf(rows, 'new').self).toMatchObject({ before: 0, after: 500, points: 50, isSignificant: true });
  });
  it('lists significant functions first, and larger differences before smaller ones', () => {
    const { rows } = compare({ a: 500, b: 300, c: 200, d: 2 }, { a: 300, b: 400, c: 300, d: 0 });
    expect(rows.map(({ label }) => label)).toEqual(['a', 'b', 'c', 'd']);
    expect(rows.map(({ self }) => self.isSignificant)).toEqual([true, true, true, false]);
  });
  it('tests a function that calls nothing only once, because its self and total weight are equal', () => {
    expect(compare({ 'main;a': 1 }, { 'main;b': 1 }).tests).toBe(3);
  });
  it('compares counts per unit of time if durations are given', () => {
    const options = { exposures: [10_000, 30_000] } as const;
    const { rows } = compare({ a: 100, b: 100 }, { a: 300, b: 600 }, options);
    expect(rowOf(rows, 'a').self).toMatchObject({ points: 0, isSignificant: false });
    expect(rowOf(rows, 'b').self).toMatchObject({
      percentBefore: 50,
      percentAfter: 100,
      isSignificant: true,
    });
    const [low, high] = rowOf(rows, 'b').self.interval!;
    expect(low).toBeGreaterThan(20);
    expect(high).toBeLessThan(80);
  });
  it('does not depend on the order of the stacks', () => {
    const stacks = fc.array(
      fc.tuple(
        fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 4 }),
        fc.nat(50),
        fc.constantFrom('before' as const, 'after' as const),
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(stacks, fc.nat(19), (samples, turn) => {
        const rowsOf = (some: typeof samples): readonly FunctionRow[] => {
          const comparison = new StackComparison();
          for (const [frames, count, side] of some)
            comparison.push(onSide(batchOf([{ frames, count }]), side));
          return comparison.finish().rows;
        };
        expect(rowsOf([...samples.slice(turn), ...samples.slice(0, turn)])).toEqual(rowsOf(samples));
      }),
    );
  });
});

describe('differences', () => {
  it.each([
    ['weights are times', { unit: 'us' }, 5, 'weights are us, not sample counts'],
    [
      'weights have decimals',
      {},
      2.5,
      'some weights have decimals, so they were scaled and are not sample counts',
    ],
    ['sums are rounded', { inexact: true }, 5, 'the sums are rounded'],
  ])('are not tested if %s', (_, facts, count, untested) => {
    const comparison = new StackComparison();
    for (const side of ['before', 'after'] as const)
      comparison.push(onSide(batchOf([{ frames: ['a'], count }], facts), side));
    const { rows, ...rest } = comparison.finish();
    expect(rest).toMatchObject({ untested, tests: 0 });
    expect(rows[0]!.self).toMatchObject({ points: 0, interval: undefined, p: undefined });
    expect(rows[0]!.self.isSignificant).toBeUndefined();
  });
  it('are not tested if one side has no samples', () => {
    expect(compare({ a: 1 }, {}).untested).toBe('one side has no samples');
  });
});

describe('the input', () => {
  it('is rejected if it is not a batch or if the options are invalid', () => {
    expect(() => new StackComparison().push('a 1' as unknown as StackBatch)).toThrow(
      expect.objectContaining({ code: 'INVALID_STACKS' }),
    );
    expect(() => new StackComparison().finish({ significance: 0 })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTIONS' }),
    );
  });
  it('may have a single column, which counts for both sides', () => {
    const comparison = new StackComparison();
    comparison.push(batch({ a: 3 }));
    expect(comparison.finish()).toMatchObject({ before: 3, after: 3 });
  });
});
