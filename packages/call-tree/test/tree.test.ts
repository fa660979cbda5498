import { batchOf, compareNames, StackBatch, type PlainSample } from '@stapflame/stacks';
import fc from 'fast-check';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import {
  CallTreeBuilder,
  CallTreeError,
  createCallTree,
  type CallTree,
  type CallTreeNode,
  type CallTreeOptions,
} from '../src/index.ts';

const frames = fc.array(fc.constantFrom('a', 'b', 'c', '\u{10000}', '\uffff'), {
  minLength: 1,
  maxLength: 6,
});
const stacks = fc.array(fc.record({ frames, count: fc.integer({ min: 1, max: 50 }) }), {
  minLength: 1,
  maxLength: 40,
});

/** Sorts stacks frame by frame, starting at the root, as the folder does. */
function sorted(given: readonly PlainSample[]): PlainSample[] {
  const order = (a: readonly string[], b: readonly string[]): number => {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const compared = compareNames(a[a.length - 1 - i]!, b[b.length - 1 - i]!);
      if (compared !== 0) return compared;
    }
    return a.length - b.length;
  };
  return given.toSorted((a, b) => order(a.frames, b.frames));
}

function treeOf(batches: Iterable<StackBatch>, options: CallTreeOptions = {}): CallTree {
  const builder = new CallTreeBuilder(options);
  for (const batch of batches) builder.push(batch);
  return builder.tree();
}

/** Returns every path in a tree with its self and total weight. */
function pathsOf(nodes: readonly CallTreeNode[], above: string = ''): [string, number, number][] {
  return nodes.flatMap(({ name, self, total, children }) => {
    const path = `${above}/${name}`;
    return [[path, self.weight, total.weight] as [string, number, number], ...pathsOf(children, path)];
  });
}

describe('a tree', () => {
  it('has every path with at least the minimum share, however the stacks are divided into batches', () => {
    fc.assert(
      fc.property(
        stacks,
        fc.constantFrom(0.0001, 0.05, 0.3, 1),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 40 }),
        (given, minShare, maxDepth, size) => {
          const sum = given.reduce((all, { count }) => all + count, 0);
          const expected = new Map<string, [number, number]>();
          for (const sample of given) {
            const names = sample.frames.toReversed();
            for (let depth = 1; depth <= Math.min(names.length, maxDepth); depth++) {
              const path = `/${names.slice(0, depth).join('/')}`;
              const [self, total] = expected.get(path) ?? [0, 0];
              expected.set(path, [self + (depth === names.length ? sample.count : 0), total + sample.count]);
            }
          }
          const list = sorted(given);
          const batches = Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
            batchOf(list.slice(i * size, (i + 1) * size)),
          );
          const { children, deepest, weight } = treeOf(batches, { minShare, maxDepth });
          const wanted = [...expected]
            .filter(([, [, total]]) => total >= minShare * sum)
            .map(([path, [self, total]]) => [path, self, total]);
          expect(pathsOf(children).toSorted()).toEqual(wanted.toSorted());
          expect(deepest).toBe(Math.max(...given.map((sample) => sample.frames.length)));
          expect(weight).toBe(sum);
        },
      ),
    );
  });
  it('lists the heaviest frames first, and frames of equal weight by name', () => {
    const { children } = treeOf([
      batchOf([
        { frames: ['a'], count: 1 },
        { frames: ['b'], count: 2 },
        { frames: ['c'], count: 1 },
      ]),
    ]);
    expect(children.map(({ name }) => name)).toEqual(['b', 'a', 'c']);
  });
  it('computes shares relative to the weight of all stacks, including filtered ones', () => {
    const batch = (): StackBatch =>
      batchOf(
        [
          { frames: ['a'], count: 9 },
          { frames: ['b'], count: 1 },
        ],
        { filtered: 90 },
      );
    expect(pathsOf(treeOf([batch()], { minShare: 0.05 }).children)).toEqual([['/a', 9, 9]]);
    expect(treeOf([batch()]).children[0]!.total.share).toBe(0.09);
  });
  it('rejects stacks that are not sorted frame by frame', () => {
    for (const [first, second] of [
      [['b'], ['a']],
      [['x', 'a'], ['a']],
      [
        ['z', 'a'],
        ['y', 'a'],
      ],
    ] as const)
      expect(() =>
        treeOf([batchOf([{ frames: first, count: 1 }]), batchOf([{ frames: second, count: 1 }])]),
      ).toThrow(expect.objectContaining({ code: 'UNSORTED' }));
  });
  it('rejects invalid options and an input without stacks', () => {
    for (const options of [{ minShare: 0 }, { maxDepth: 0 }, { maxDepth: 1e6 }])
      expect(() => new CallTreeBuilder(options)).toThrow(CallTreeError);
    expect(() => treeOf([])).toThrow(expect.objectContaining({ code: 'EMPTY_INPUT' }));
  });
});

describe('the stream', () => {
  it('emits one tree when the input ends', async () => {
    const given = [3, 4].map((count) => batchOf([{ frames: ['a', 'b'], count }]));
    const trees = await Readable.from(given)
      .pipe(createCallTree({ maxDepth: 1 }))
      .toArray();
    expect(trees).toMatchObject([{ weight: 7, maxDepth: 1, deepest: 2, children: [{ name: 'b' }] }]);
  });
  it('fails if the input is not a batch of stacks', async () => {
    await expect(Readable.from(['a;b 1']).pipe(createCallTree()).toArray()).rejects.toThrow(
      expect.objectContaining({ code: 'INVALID_STACKS' }),
    );
  });
});
