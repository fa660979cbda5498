import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  FlameGraphRenderer,
  renderFlameGraph,
  type RendererOptions,
  type StackColumns,
} from '../src/index.ts';

type Stack = readonly [frames: readonly string[], ...weights: number[]];

/** Batches of so many stacks; each has its own table where `tables` says so. */
function batchesOf(stacks: readonly Stack[], size: number, tables: 'one' | 'many'): StackColumns[] {
  let labels: string[] = [];
  const batches: StackColumns[] = [];
  for (let at = 0; at < stacks.length; at += size) {
    const some = stacks.slice(at, at + size);
    if (tables === 'many') labels = [];
    const ids = some.map(([frames]) =>
      frames.map((name) => (labels.includes(name) ? labels.indexOf(name) : labels.push(name) - 1)).reverse(),
    );
    const bounds = [0];
    for (const each of ids) bounds.push(bounds.at(-1)! + each.length);
    const columns = some[0]!.length - 1;
    batches.push({
      table: { labels },
      frames: Uint32Array.from(ids.flat()),
      bounds: Uint32Array.from(bounds),
      weights: Array.from({ length: columns }, (_, c) =>
        Float64Array.from(some, (stack) => stack[c + 1] as number),
      ),
    });
  }
  return batches;
}

function draw(batches: readonly StackColumns[], options: RendererOptions): string {
  const renderer = new FlameGraphRenderer(options);
  for (const batch of batches) renderer.push(batch);
  return [...renderer.finish()].join('');
}

const textOf = (stacks: readonly Stack[]): string =>
  stacks.map(([frames, ...weights]) => `${frames.join(';')} ${weights.join(' ')}\n`).join('');

const frames = fc.array(fc.constantFrom('a', 'ab', 'b', 'é', '\u{10000}', '\uffff'), {
  minLength: 1,
  maxLength: 6,
});
const compare = (a: readonly string[], b: readonly string[]): number => {
  const at = a.findIndex((name, i) => name !== b[i]);
  if (at < 0) return a.length - b.length;
  return b[at] === undefined ? 1 : Buffer.compare(Buffer.from(a[at]!), Buffer.from(b[at]));
};
const sorted = fc
  .array(fc.tuple(frames, fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 40 })
  .map((stacks) => stacks.toSorted(([a], [b]) => compare(a, b)));
const cut = fc.tuple(fc.integer({ min: 1, max: 50 }), fc.constantFrom('one', 'many'));

it('draws sorted columns as the same stacks in text, whatever their batches and tables', () => {
  fc.assert(
    fc.property(sorted, cut, (stacks, [size, tables]) => {
      const options = { sorted: true };
      expect(draw(batchesOf(stacks, size, tables), options)).toBe(
        renderFlameGraph([textOf(stacks)], options),
      );
    }),
  );
});

it('draws a flame chart of columns in their order', () => {
  fc.assert(
    fc.property(sorted, cut, (stacks, [size, tables]) => {
      const options = { flamechart: true };
      const mixed = stacks.map((_, i) => stacks[(i * 7) % stacks.length]!);
      expect(draw(batchesOf(mixed, size, tables), options)).toBe(renderFlameGraph([textOf(mixed)], options));
    }),
  );
});

it('draws columns of any order, and those of two weights', () => {
  const stacks: Stack[] = [
    [['b', 'c'], 4, 1],
    [['a'], 1, 2],
    [['b'], 3, 3],
  ];
  expect(draw(batchesOf(stacks, 2, 'many'), {})).toBe(renderFlameGraph([textOf(stacks)]));
});

it('refuses columns that are said to be sorted and are not', () => {
  for (const tables of ['one', 'many'] as const) {
    for (const stacks of [
      [['b'], 1, ['a'], 1],
      [['a', 'b'], 1, ['a'], 1],
      [['a', '\u{10000}'], 1, ['a', '\uffff'], 1],
    ] as const) {
      const batches = batchesOf(
        [
          [stacks[0], stacks[1]],
          [stacks[2], stacks[3]],
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

it('shows what was lost where a comment comes with columns, and gives each batch back', () => {
  let released = 0;
  const [batch] = batchesOf([[['a'], 1]], 1, 'one');
  const svg = draw(
    [{ ...batch!, comment: '# stapflame incomplete lost=3', release: () => void released++ }],
    { sorted: true },
  );
  expect(svg).toContain('Incomplete: 3 lost');
  expect(released).toBe(1);
});
