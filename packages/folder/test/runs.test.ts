import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RunMerger } from '../src/merge.ts';
import { readRanks } from '../src/ranks.ts';
import { Runs } from '../src/runs.ts';
import { StackSorter } from '../src/sort.ts';
import { StackTable } from '../src/stack-table.ts';
import { MemoryStore } from './fold.ts';

const RANKS = 6;
const stacks = fc.array(fc.array(fc.nat(RANKS - 1), { minLength: 1, maxLength: 40 }), { maxLength: 120 });

const compare = (a: readonly number[], b: readonly number[]): number => {
  const at = a.findIndex((frame, i) => frame !== b[i]);
  return at < 0 ? a.length - b.length : at >= b.length ? 1 : a[at]! - b[at]!;
};

function columns(all: readonly (readonly number[])[]): { frames: Uint32Array; starts: Uint32Array } {
  const starts = [0];
  for (const stack of all) starts.push(starts.at(-1)! + stack.length);
  return { frames: Uint32Array.from(all.flat()), starts: Uint32Array.from(starts) };
}

const sorter = new StackSorter();

it('sorts frame by frame, prefixes first, for any number of ranks', () => {
  fc.assert(
    fc.property(stacks, fc.constantFrom(RANKS, 255, 65_536), (all, ranks) => {
      const { frames, starts } = columns(all);
      const order = sorter.sort(frames, starts, all.length, ranks);
      expect([...order].map((i) => all[i]!)).toEqual(all.toSorted(compare));
    }),
  );
});

it('sorts stacks that begin with the same thousand frames', () => {
  const shared = Array.from({ length: 1000 }, (_, i) => i % RANKS);
  const all = Array.from({ length: 200 }, (_, i) => [...shared, (i * 7) % 13, i]);
  const { frames, starts } = columns(all);
  const order = sorter.sort(frames, starts, all.length, 200);
  expect([...order].map((i) => all[i]!)).toEqual(all.toSorted(compare));
});

it('puts equal stacks side by side, even if there are only a few stacks', () => {
  const all = [[1, 2], [3], [1, 2], [1]];
  const { frames, starts } = columns(all);
  const order = sorter.sort(frames, starts, all.length, RANKS);
  expect([...order].map((i) => all[i]!)).toEqual([[1], [1, 2], [1, 2], [3]]);
});

it('sorts thousands of stacks, some of which are prefixes of others', () => {
  const all = Array.from({ length: 3000 }, (_, i) =>
    Array.from({ length: 1 + (i % 5) }, (_, depth) => (i * (depth + 3)) % RANKS),
  );
  const { frames, starts } = columns(all);
  const order = sorter.sort(frames, starts, all.length, RANKS);
  expect([...order].map((i) => all[i]!)).toEqual(all.toSorted(compare));
});

it('sorts a stack added between longer stacks that begin with it', () => {
  const extensions = Array.from({ length: 30 }, (_, i) => [1, i % RANKS, i]);
  const all = [...extensions.slice(0, 15), [1], ...extensions.slice(15)];
  const { frames, starts } = columns(all);
  const order = sorter.sort(frames, starts, all.length, 100);
  expect([...order].map((i) => all[i]!)).toEqual(all.toSorted(compare));
});

it('distinguishes stacks that have the same hash', () => {
  const table = new StackTable(1 << 20);
  const numberOf = (...names: readonly number[]): number => {
    table.frames.set(names, table.next);
    return table.add(names.length, 12345);
  };
  expect([numberOf(1, 2), numberOf(1, 3), numberOf(1), numberOf(1, 2), numberOf(1, 3)]).toEqual([
    0, 1, 2, 0, 1,
  ]);
});

it('merges an empty run and an empty set of runs', () => {
  const store = new MemoryStore();
  const runs = new Runs(store);
  const ranking = { order: Uint32Array.of(0, 1), rankOf: Uint32Array.of(0, 1) };
  runs.compact(ranking.rankOf);
  expect(runs.empty).toBe(true);
  runs.write(1, true, ranking, () => {});
  runs.write(1, true, ranking, (writer) => writer.add(Uint32Array.of(1), 0, 1, [2]));
  const merger = new RunMerger(runs.ranked(ranking.rankOf), 1);
  expect(merger.next()?.weights).toEqual([2]);
  expect(merger.next()).toBeUndefined();
});

it('merges runs step by step, with only a few files open at a time', () => {
  const store = new MemoryStore();
  const runs = new Runs(store, 3);
  // the ranks of names that were added in descending order
  const order = Uint32Array.from({ length: 8 }, (_, rank) => 7 - rank);
  const ranking = { order, rankOf: order };
  for (let i = 0; i < 100; i++) {
    runs.write(1, true, ranking, (writer) => {
      for (const frame of [i % 5, 5 + (i % 3)]) writer.add(Uint32Array.of(frame), 0, 1, [1]);
    });
    expect(store.open).toBeLessThanOrEqual(2 * Math.ceil(Math.log(i + 2) / Math.log(3)));
  }
  const sums: unknown[] = [];
  const merger = new RunMerger(runs.ranked(ranking.rankOf), 1);
  for (let stack = merger.next(); stack; stack = merger.next())
    sums.push([stack.values[0], stack.weights[0]]);
  expect(sums).toEqual(
    [0, 1, 2, 3, 4]
      .map((id) => [id, 20])
      .concat([
        [5, 34],
        [6, 33],
        [7, 33],
      ]),
  );
  runs.remove();
  expect(store.open).toBe(0);
});

it('ranks cannot be read from a temporary file that has become shorter', () => {
  const file = new MemoryStore().create();
  file.write(new Uint8Array(10));
  expect(() => readRanks(file, 4, 3, new Uint32Array(4))).toThrow(
    'a temporary file ends after 6 of 12 bytes',
  );
});
