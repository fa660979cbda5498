import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OtherLines } from '../src/folded/other-lines.ts';
import type { Boxes } from '../src/tree/boxes.ts';
import { createTree } from '../src/tree/load.ts';
import type { TreeOptions } from '../src/tree/folded-tree.ts';

const frames = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e.x', 'f'), { minLength: 1, maxLength: 7 });
const stacks = fc.array(
  fc.tuple(frames, fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 100, max: 9999 }))),
  { minLength: 1, maxLength: 80 },
);
const least = fc.constantFrom(0, 0.001, 0.01, 0.05, 0.3);

function boxesOf(
  all: readonly (readonly [readonly string[], number])[],
  options: Partial<TreeOptions>,
): Boxes {
  const given: TreeOptions = {
    order: 'any',
    least: 0,
    whole: 0,
    reverse: false,
    base: undefined,
    maxDepth: 5000,
    maxLineLength: 1 << 20,
    ...options,
  };
  const tree = createTree(given, new OtherLines());
  const text = Buffer.from(all.map(([names, weight]) => `${names.join(';')} ${weight}\n`).join(''));
  tree.space().set(text);
  tree.advance(text.length);
  return tree.finish();
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

it('however much is pruned, callees are never wider than their caller and stand within it, and the root is the total', () => {
  fc.assert(
    fc.property(stacks, least, (all, least) => {
      const boxes = boxesOf(all, { least });
      const { depths, starts, weights, selfs, total } = boxes;
      expect(total).toBe(sum(all.map(([, weight]) => weight)));
      const open: { end: number; rest: number; next: number }[] = [{ end: total, rest: total, next: 0 }];
      for (const [box, depth] of depths.entries()) {
        open.length = depth + 1;
        const caller = open[depth]!;
        const start = starts[box]!;
        const weight = weights[box]!;
        expect(start).toBeGreaterThanOrEqual(caller.next);
        expect(start + weight).toBeLessThanOrEqual(caller.end);
        caller.next = start + weight;
        caller.rest -= weight;
        expect(caller.rest).toBeGreaterThanOrEqual(0);
        expect(weight).toBeGreaterThanOrEqual(least * total);
        open.push({ end: start + weight, rest: weight - selfs[box]!, next: start });
        expect(open.at(-1)!.rest).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 1000 },
  );
});

it('what is pruned are the narrow ones, all of them and no others', () => {
  fc.assert(
    fc.property(stacks, least, (all, least) => {
      const whole = boxesOf(all, {});
      const pruned = boxesOf(all, { least });
      const rows = (boxes: Boxes): unknown[] =>
        Array.from(boxes.depths, (depth, i) => [
          depth,
          boxes.names[boxes.nameIds[i]!],
          boxes.starts[i],
          boxes.weights[i],
          boxes.selfs[i],
        ]).filter((_, i) => boxes.weights[i]! >= least * whole.total);
      expect(rows(pruned)).toEqual(rows(whole));
      expect(pruned.depths.length + pruned.dropped).toBe(whole.depths.length);
    }),
    { numRuns: 1000 },
  );
});

it('what is too deep keeps its weight at the last level that is drawn, and the other levels are the same', () => {
  fc.assert(
    fc.property(stacks, fc.integer({ min: 1, max: 8 }), (all, maxDepth) => {
      const whole = boxesOf(all, {});
      const cut = boxesOf(all, { maxDepth });
      const rows = ({ depths, nameIds, names, starts, weights }: Boxes): unknown[] =>
        Array.from(depths, (depth, i) => [depth, names[nameIds[i]!], starts[i], weights[i]]).filter(
          ([depth]) => (depth as number) < maxDepth,
        );
      expect(rows(cut)).toEqual(rows(whole));
      expect(cut.depths.every((depth) => depth < maxDepth)).toBe(true);
      expect(sum(cut.selfs) + sum(cut.deepers)).toBe(whole.total);
      expect(sum(cut.deepers)).toBe(
        sum(all.map(([names, weight]) => (names.length > maxDepth ? weight : 0))),
      );
    }),
    { numRuns: 1000 },
  );
});
