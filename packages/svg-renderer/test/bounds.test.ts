import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyFilters } from '../page/filters.ts';
import { callersOf, callsOf, endsOf, functionsOf } from '../page/functions.ts';
import { weightOf } from '../page/search.ts';
import { initialState, type Filter } from '../page/state.ts';
import { boundSign, lowerBounds } from '../src/picture/bounds.ts';
import { unpackTree, type PackedTree } from '../src/picture/packed.ts';
import type { Layout, TreeData } from '../src/picture/layout.ts';
import { renderFlameGraph } from '../src/index.ts';
import { textOf, type Stack } from './stacks.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'];
const weight = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 100, max: 999 }));
const stacks = fc
  .array(fc.tuple(fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 5 }), weight, weight), {
    minLength: 1,
    maxLength: 25,
  })
  .filter((all) => [1, 2].every((column) => all.some((stack) => (stack[column] as number) > 0)));
const filters = fc.array(
  fc.record<Filter>({
    kind: fc.constantFrom('hide', 'focus'),
    by: fc.constant('name'),
    text: fc.constantFrom(...NAMES),
  }),
  { maxLength: 3 },
);
const leastShares = fc.constantFrom(0, '2%', '20%');

function treeOf(stacks: readonly Stack[], minwidth: string | number): TreeData {
  const svg = renderFlameGraph([textOf(stacks)], { minwidth });
  const [, json] = /<metadata>(.*?)<\/metadata>/s.exec(svg)!;
  const text = json!.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  return unpackTree((JSON.parse(text) as { tree: PackedTree }).tree);
}

/**
 * Returns the stacks that the filters keep, determined from the stacks themselves and not from the tree. A filter on a
 * function without a box has no effect.
 */
function left(stacks: readonly Stack[], filters: readonly Filter[], { names, nameIds }: TreeData): Stack[] {
  const drawn = new Set(Array.from(nameIds, (id) => names[id]!));
  return stacks.filter(([frames]) =>
    filters.every(({ kind, text }) => !drawn.has(text) || frames.includes(text) === (kind === 'focus')),
  );
}

function sum(
  stacks: readonly Stack[],
  column: 1 | 2,
  counts: (frames: readonly string[]) => boolean,
): number {
  return stacks.reduce((total, stack) => total + (counts(stack[0]) ? stack[column]! : 0), 0);
}

/**
 * Returns a layout for each column of weights: for column 2, the given layout; for column 1, a layout with the 'before'
 * weights.
 */
function bothSides(layout: Layout): (readonly [column: 1 | 2, layout: Layout])[] {
  const { before, droppedBefore, boundsBefore } = layout;
  const first = { ...layout, weights: before!, dropped: droppedBefore!, bounds: boundsBefore! };
  return [
    [2, layout],
    [1, first],
  ];
}

const EXACT = 1 + 1e-9;
const everything = (): boolean => true;

describe('after filters, even if boxes are not drawn,', () => {
  const property = (
    check: (kept: readonly Stack[], layout: Layout, stacks: readonly Stack[]) => void,
  ): void =>
    fc.assert(
      fc.property(stacks, leastShares, filters, (stacks, minwidth, filters) => {
        const tree = treeOf(stacks, minwidth);
        const { layout } = applyFilters(tree, {
          ...initialState({ inverted: false, widths: 'both' }),
          filters,
        });
        check(left(stacks, filters, tree), layout, stacks);
      }),
    );

  it('a search reports a lower bound on the share, and the true share exceeds it by at most the undrawn share', () => {
    property((kept, layout) => {
      for (const [column, side] of bothSides(layout)) {
        const all = sum(kept, column, everything);
        if (all === 0) continue;
        for (const [one, other] of [
          ['a', 'a'],
          ['b', 'd'],
        ] as const) {
          const names = Uint8Array.from(layout.tree.names, (name) =>
            name === one || name === other ? 1 : 0,
          );
          const { weight, undrawn, of } = weightOf(side, names, 0);
          const truth = sum(kept, column, (frames) => frames.includes(one) || frames.includes(other)) / all;
          expect(weight / of).toBeLessThanOrEqual(truth * EXACT);
          expect(((weight + undrawn) / of) * EXACT).toBeGreaterThanOrEqual(truth);
          if (undrawn === 0) expect(weight / of).toBeCloseTo(truth, 9);
        }
      }
    });
  });
  it('a box shows at most its true weight and share, and exactly these unless it has a ≥ sign', () => {
    property((kept, layout) => {
      const { tree, parents } = layout;
      for (const [column, side] of bothSides(layout)) {
        const { bounds } = side;
        const isExact = boundSign(bounds, side.weights) === '';
        const all = sum(kept, column, everything);
        expect(bounds.most).toBeGreaterThanOrEqual(all);
        for (let box = 1; box < tree.depths.length; box++) {
          const path: string[] = [];
          for (let up = box; up > 0; up = parents[up]!) path.unshift(tree.names[tree.nameIds[up]!]!);
          const truth = sum(kept, column, (frames) => path.every((name, i) => frames[i] === name));
          expect(bounds.least[box]).toBeLessThanOrEqual(truth);
          if (all > 0) expect(bounds.least[box]! / bounds.most).toBeLessThanOrEqual((truth / all) * EXACT);
          if (isExact) expect([bounds.least[box], bounds.most]).toEqual([truth, all]);
        }
      }
    });
  });
  it("the table never overstates a function's self or total, and understates it by at most the undrawn weight", () => {
    property((kept, layout, stacks) => {
      const rows = new Map(
        functionsOf(lowerBounds(layout), true).map((each) => [layout.tree.names[each.name]!, each]),
      );
      const { dropped, before } = layout.tree;
      for (const name of NAMES) {
        const row = rows.get(name);
        const ends = (frames: readonly string[]): boolean => frames.at(-1) === name;
        const contains = (frames: readonly string[]): boolean => frames.includes(name);
        for (const [column, undrawnIn, counts, shown] of [
          [2, dropped, ends, row?.self],
          [2, dropped, contains, row?.total],
          [1, before!.dropped, ends, row?.selfBefore],
          [1, before!.dropped, contains, row?.totalBefore],
        ] as const) {
          const truth = sum(kept, column, counts);
          const undrawn = undrawnIn.reduce((total, each) => total + each, 0);
          expect(shown ?? 0).toBeLessThanOrEqual(truth);
          expect((shown ?? 0) + undrawn).toBeGreaterThanOrEqual(truth);
        }
      }
      expect(sum(stacks, 2, everything)).toBe(layout.tree.weights[0]);
    });
  });
  it('the trees never overstate the weights of callers and leaves', () => {
    property((kept, layout) => {
      const lower = lowerBounds(layout);
      const { names } = layout.tree;
      for (const { name, weight, before } of endsOf(lower)) {
        const ends = (frames: readonly string[]): boolean => frames.at(-1) === names[name];
        expect(weight).toBeLessThanOrEqual(sum(kept, 2, ends));
        expect(before).toBeLessThanOrEqual(sum(kept, 1, ends));
      }
      const id = names.indexOf('a');
      if (id < 0) return;
      for (const caller of callersOf(lower, callsOf(lower, id))) {
        const calls = (frames: readonly string[]): boolean =>
          frames.includes('a') && frames[frames.indexOf('a') - 1] === names[caller.name];
        expect(caller.weight).toBeLessThanOrEqual(sum(kept, 2, calls));
        expect(caller.before).toBeLessThanOrEqual(sum(kept, 1, calls));
      }
    });
  });
});
