import { spawnSync } from 'node:child_process';
import { FrameList, StackBatch, type StackColumns } from '@stapflame/stacks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bundleForBrowser } from '../../../testing/bundle.ts';
import { FlameGraphRenderer, renderFlameGraph, RendererError } from '../src/index.ts';
import { StacksInAnyOrder } from '../src/tree/any-order.ts';
import type { Boxes } from '../src/tree/boxes.ts';
import { StacksInOrder } from '../src/tree/in-order.ts';
import type { StackWalk, WalkOptions } from '../src/tree/walk.ts';
import {
  batchesOf,
  compareStacks,
  draw,
  someStacks,
  textOf,
  ways,
  type Stack,
  type Tables,
} from './stacks.ts';

const EVERYTHING: WalkOptions = { least: 0, whole: 0, maxDepth: 5000, maxBoxes: 1 << 24 };

function boxesOf(
  walk: StackWalk,
  stacks: readonly Stack[],
  size: number = 60,
  tables: Tables = 'many',
): Boxes {
  for (const batch of batchesOf(stacks, size, tables)) walk.add(batch);
  return walk.finish();
}

const inAnyOrder = (stacks: readonly Stack[], options: Partial<WalkOptions> = {}): Boxes =>
  boxesOf(new StacksInAnyOrder({ ...EVERYTHING, ...options }), stacks);

const least = fc.constantFrom(0, 0.001, 0.01, 0.05, 0.3);

describe('the boxes of stacks', () => {
  it('are the same for sorted and unsorted stacks, whatever the batch size and tables', () => {
    fc.assert(
      fc.property(
        someStacks,
        ways,
        least,
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 60 }),
        (stacks, [size, tables], least, maxDepth, maxBoxes) => {
          const options = { ...EVERYTHING, least, maxDepth, maxBoxes };
          const sorted = stacks.toSorted(compareStacks);
          const expected = boxesOf(new StacksInAnyOrder(options), stacks, size, tables);
          expect(boxesOf(new StacksInOrder(options, 'frame'), sorted, size, tables)).toEqual(expected);
          expect(boxesOf(new StacksInOrder(options, 'time'), sorted, size, tables)).toEqual(expected);
        },
      ),
    );
  });
  it('keep their names when tens of thousands of other names are added and dropped with their tables', () => {
    const stacks = Array.from({ length: 20_000 }, (_, i): Stack => [
      [`root${i % 7}`, `name${String(i).padStart(5, '0')}`],
      1 + ((i * 7919) % 20_000),
    ]).toSorted(compareStacks);
    const options = { ...EVERYTHING, maxBoxes: 40 };
    const limited = boxesOf(new StacksInOrder(options, 'frame'), stacks, 500);
    expect(limited.names.length).toBe(40);
    expect(limited).toEqual(boxesOf(new StacksInAnyOrder(options), stacks, 500));
  });
  it('lie within their callers and are never wider, and the root has the total weight', () => {
    fc.assert(
      fc.property(someStacks, least, (stacks, least) => {
        const { depths, starts, weights, selfs, total } = inAnyOrder(stacks, { least });
        expect(total).toBe(stacks.reduce((sum, [, weight]) => sum + weight!, 0));
        const open = [{ end: total, rest: total, next: 0 }];
        for (const [box, depth] of depths.entries()) {
          open.length = depth + 1;
          const caller = open[depth]!;
          const [start, weight] = [starts[box]!, weights[box]!];
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
    );
  });
  it('are left out only if they are narrow', () => {
    fc.assert(
      fc.property(someStacks, least, (stacks, least) => {
        const [whole, pruned] = [inAnyOrder(stacks), inAnyOrder(stacks, { least })];
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
    );
  });
  it('are dropped if there are too many: the narrowest first, and among equally wide boxes those farthest from the root', () => {
    fc.assert(
      fc.property(someStacks, fc.integer({ min: 1, max: 60 }), (stacks, maxBoxes) => {
        const all = inAnyOrder(stacks);
        const rows = Array.from(all.depths, (depth, i) => ({
          depth,
          weight: all.weights[i]!,
          start: all.starts[i]!,
        }));
        const byRank = (a: (typeof rows)[0], b: (typeof rows)[0]): number =>
          b.weight - a.weight || a.depth - b.depth;
        const firstLeftOut = rows.toSorted(byRank)[maxBoxes];
        const expected = rows.filter((row) => !firstLeftOut || byRank(row, firstLeftOut) < 0);
        const limited = inAnyOrder(stacks, { maxBoxes });
        expect(
          Array.from(limited.depths, (depth, i) => ({
            depth,
            weight: limited.weights[i]!,
            start: limited.starts[i]!,
          })),
        ).toEqual(expected);
        expect(limited.isLimited).toBe(firstLeftOut !== undefined);
        expect(limited.dropped).toBe(rows.length - expected.length);
      }),
    );
  });
  it('are reported as not drawn if there are too many', () => {
    const picture = renderFlameGraph(['a;b 3\na;c 2\nd 1\n'], { maxBoxes: 2 });
    expect(picture).toContain('2 boxes narrower than 0.1 px, or beyond the 2 widest, not drawn (50.00 %)');
  });
  it('are removed if they become too narrow, and the remaining boxes keep their names', () => {
    const stacks = Array.from({ length: 60_000 }, (_, i): Stack => {
      const weight = 1 + ((i * 7919) % 13) * (i % 3 ? 1 : i);
      return [[String(i).padStart(6, '0'), 'x'.repeat(1 + (i % 50)), 'leaf'], weight];
    });
    const options = { ...EVERYTHING, least: 1 / 12_000 };
    const found = boxesOf(new StacksInOrder(options, 'frame'), stacks, 5000);
    expect(found).toEqual(boxesOf(new StacksInAnyOrder(options), stacks, 5000));
    expect(found.dropped).toBeGreaterThan(100_000);
    expect(found.names.length).toBeGreaterThan(1000);
  });
});

describe('a picture', () => {
  it('is the same for stacks and for folded text', () => {
    fc.assert(
      fc.property(someStacks, ways, fc.boolean(), (stacks, [size, tables], flamechart) => {
        const options = { flamechart };
        expect(draw(batchesOf(stacks, size, tables), options)).toBe(
          renderFlameGraph([textOf(stacks)], options),
        );
      }),
    );
  });
  it('is the same for unsorted stacks and for stacks that an option or their facts declare as sorted', () => {
    fc.assert(
      fc.property(someStacks, ways, (stacks, [size, tables]) => {
        const sorted = stacks.toSorted(compareStacks);
        const expected = draw(batchesOf(stacks, size, tables));
        expect(draw(batchesOf(sorted, size, tables), { sorted: true })).toBe(expected);
        expect(draw(batchesOf(sorted, size, tables, { order: 'frame' }))).toBe(expected);
      }),
    );
  });
  it('of stacks with two weights is the same for sorted and for unsorted stacks', () => {
    const stacks: Stack[] = [
      [['b', 'c'], 4, 1],
      [['a'], 1, 2],
      [['b'], 3, 3],
    ];
    const expected = renderFlameGraph([textOf(stacks)]);
    expect(draw(batchesOf(stacks, 2, 'many'))).toBe(expected);
    expect(draw(batchesOf(stacks.toSorted(compareStacks), 2, 'many'), { sorted: true })).toBe(expected);
  });
  it('can be drawn from a growing table with more than 65,536 names', () => {
    const stacks = Array.from({ length: 70_000 }, (_, i): Stack => [[`mid${i % 5}`, `leaf${i}`], 1]);
    const sorted = stacks.toSorted(compareStacks);
    const renderer = new FlameGraphRenderer({ minwidth: '1%' });
    for (const batch of batchesOf(sorted, 1000, 'one that grows', { order: 'frame' })) renderer.push(batch);
    expect([...renderer.finish()].join('')).toContain('mid4 (14,000 samples, 20.00 %)');
    expect(renderer.summary()).toMatchObject({ stacks: 70_000, distinct: 70_000, weight: 70_000 });
  });
  it("of stacks that are wrongly declared as sorted causes an error with the stack's number", () => {
    for (const tables of ['one that grows', 'many'] as const) {
      for (const [before, next] of [
        [['b'], ['a']],
        [['a', 'b'], ['a']],
        [
          ['a', '\u{10000}'],
          ['a', '\uffff'],
        ],
      ] as const) {
        const batches = batchesOf(
          [
            [before, 1],
            [next, 1],
          ],
          1,
          tables,
        );
        expect(() => draw(batches, { sorted: true })).toThrow(
          expect.objectContaining({ code: 'UNSORTED', line: 2 }),
        );
      }
    }
  });
  it('reports earlier losses, and releases the batches that it was drawn from', () => {
    let released = 0;
    const [{ table, frames, bounds, weights }] = [...batchesOf([[['a'], 1]], 1, 'many')] as [StackBatch];
    const batch = new StackBatch({
      table,
      frames,
      bounds,
      weights,
      facts: { order: 'frame', losses: { lost: 3 } },
      release: () => void released++,
    });
    expect(draw([batch])).toContain('Incomplete: 3 samples lost');
    expect(released).toBe(1);
  });
  it('of a stack with a million frames shows the first levels, and says how many are left out', () => {
    const renderer = new FlameGraphRenderer({ maxDepth: 100 });
    const frames = Array.from({ length: 1_000_000 }, (_, i) => `f${i % 10}`);
    for (const batch of batchesOf([[frames, 2]], 1, 'many', { order: 'frame' })) renderer.push(batch);
    expect([...renderer.finish()].join('')).toContain('999,900 levels beyond the first 100 not drawn');
    expect(renderer.summary()).toMatchObject({ boxes: 100, levelsCut: 999_900, weight: 2 });
  });
});

describe('invalid input:', () => {
  const [good] = [...batchesOf([[['a'], 1]], 1, 'many')] as [StackBatch];
  const columns: StackColumns = {
    table: good.table,
    frames: good.frames,
    bounds: good.bounds,
    weights: good.weights,
  };
  const labelled = (label: string): FrameList => {
    const list = new FrameList();
    list.add({ label });
    return list;
  };
  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['a number', 5],
    ['a stack without frames', new StackBatch({ ...columns, bounds: Uint32Array.of(0, 0) })],
    [
      'bounds that decrease',
      new StackBatch({ ...columns, bounds: Uint32Array.of(0, 4, 2), weights: [Float64Array.of(1, 1)] }),
    ],
    ['bounds that are too short', new StackBatch({ ...columns, weights: [Float64Array.of(1, 1)] })],
    ['a frame that is not in the table', new StackBatch({ ...columns, frames: Uint32Array.of(1) })],
    ['a negative weight', new StackBatch({ ...columns, weights: [Float64Array.of(-5)] })],
    ['a weight that is not a number', new StackBatch({ ...columns, weights: [Float64Array.of(Number.NaN)] })],
    ['a label that is not valid', new StackBatch({ ...columns, table: labelled('a\nEVIL 999') })],
  ])('the renderer rejects %s', (_, batch) => {
    expect(() => draw([batch as StackBatch])).toThrow(RendererError);
    expect(() => draw([batch as StackBatch], { flamechart: true })).toThrow(
      expect.objectContaining({ code: 'INVALID_STACKS' }),
    );
  });
  it('the renderer rejects text after stacks, and stacks after text', () => {
    for (const pieces of [
      [good, 'a 1\n'],
      ['a 1\n', good],
    ]) {
      const renderer = new FlameGraphRenderer();
      renderer.push(pieces[0]!);
      expect(() => renderer.push(pieces[1]!)).toThrow(expect.objectContaining({ code: 'MIXED_INPUT' }));
    }
  });
  it('a line of text over the limit causes a renderer error with the line number', () => {
    const renderer = new FlameGraphRenderer();
    const piece = Buffer.alloc(1 << 20, 'x');
    expect(() => {
      for (let i = 0; i < 70; i++) renderer.push(piece);
    }).toThrow(expect.objectContaining({ name: 'RendererError', code: 'INVALID_TEXT', line: 1 }));
  });
});

it('more distinct frames than the tree can hold cause an error that says what to do', () => {
  const walk = new StacksInAnyOrder(EVERYTHING);
  const callees = Array.from({ length: 1024 }, (_, i) => `g${i}`);
  const stacks = Array.from({ length: 1025 }, (_, i): Stack => [[`f${i}`, ...callees], 1]);
  expect(() => boxesOf(walk, stacks)).toThrow(
    expect.objectContaining({
      code: 'TOO_MANY_FRAMES',
      message: expect.stringContaining('fold the input first'),
    }),
  );
});

it('the core needs no Node modules and can be bundled for a browser', async () => {
  const core = await bundleForBrowser(new URL('../src/renderer.ts', import.meta.url));
  const program = `${core}\nconsole.log(renderFlameGraph(['a 1\\n']).length > 1000)`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module'], {
    encoding: 'utf8',
    input: program,
  });
  expect(stdout).toBe('true\n');
});

it.each(['unsorted', 'sorted'])(
  'folded text becomes a comparison if any line has two counts, however the text is split (%s)',
  (how) => {
    const bytes = new TextEncoder().encode('a;b 2\na;c 0 5\n');
    const draw = (size: number): string => {
      const renderer = new FlameGraphRenderer({ sorted: how === 'sorted' });
      for (let at = 0; at < bytes.length; at += size) renderer.push(bytes.subarray(at, at + size));
      return [...renderer.finish()].join('');
    };
    expect(draw(1)).toBe(draw(Infinity));
    expect(draw(1)).toContain('"before":{');
  },
);
