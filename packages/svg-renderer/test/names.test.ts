import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { share } from '../../../testing/properties.ts';
import { renderFlameGraph, type RendererOptions } from '../src/index.ts';
import { NameSums, type NameTotals } from '../src/tree/name-sums.ts';
import { StacksInAnyOrder } from '../src/tree/any-order.ts';
import { StacksInOrder } from '../src/tree/in-order.ts';
import { open, openText } from './open-picture.ts';
import { batchesOf, compareStacks, someStacks, textOf, type Stack } from './stacks.ts';

interface Sums {
  self: number;
  total: number;
}

/** Returns each name's self and total, added up stack by stack. */
function plainSums(stacks: readonly Stack[], column: 1 | 2 = 1): Map<string, Sums> {
  const sums = new Map<string, Sums>();
  for (const stack of stacks) {
    const [frames] = stack;
    const weight = stack[column]!;
    for (const name of new Set(frames)) {
      const { self, total } = sums.get(name) ?? { self: 0, total: 0 };
      sums.set(name, { self: self + (frames.at(-1) === name ? weight : 0), total: total + weight });
    }
  }
  return sums;
}

function sumsOf({ names, selfs, totals }: Pick<NameTotals, 'names' | 'selfs' | 'totals'>): Map<string, Sums> {
  return new Map(names.map((name, i) => [name, { self: selfs[i]!, total: totals[i]! }]));
}

/** Returns the names' sums in a picture's data. */
function dataOf(
  folded: string,
  options: RendererOptions = {},
): { sums: Map<string, Sums>; others: number; svg: string } {
  const svg = renderFlameGraph([folded], options);
  const text = /<metadata>(.*)<\/metadata>/.exec(svg)![1]!;
  const { tree } = JSON.parse(text) as {
    tree: { names: string[]; selfs: number[]; totals: number[]; others: number };
  };
  const { names, selfs, totals, others } = tree;
  return {
    sums: sumsOf({
      names: names.slice(1, totals.length),
      selfs: Float64Array.from(selfs.slice(1)),
      totals: Float64Array.from(totals.slice(1)),
    }),
    others,
    svg,
  };
}

const least = fc.constantFrom(0, 0.01, 0.3);
const twoWeights = someStacks.chain((stacks) =>
  fc
    .array(fc.integer({ min: 0, max: 999 }), { minLength: stacks.length, maxLength: stacks.length })
    .map((before) => stacks.map(([frames, weight], i): Stack => [frames, before[i]!, weight!])),
);

describe("each name's self and total", () => {
  it('are the sums of the stacks, in any order and for both weights, even if boxes are not drawn', () => {
    fc.assert(
      fc.property(twoWeights, least, (stacks, least) => {
        const options = { least, whole: 0, maxDepth: 100, maxBoxes: 1000 };
        for (const [walk, given] of [
          [new StacksInAnyOrder(options), stacks],
          [new StacksInOrder(options, 'frame'), stacks.toSorted(compareStacks)],
          [new StacksInOrder(options, 'time'), stacks],
        ] as const) {
          for (const batch of batchesOf(given, 7, 'many')) walk.add(batch);
          const sums = walk.finish().sums!;
          expect(sumsOf(sums)).toEqual(plainSums(stacks, 2));
          expect(sumsOf({ names: sums.names, ...sums.before! })).toEqual(plainSums(stacks));
          expect(sums.others).toBe(0);
        }
      }),
    );
  });
  it('are exact for every name that has sums, even if there are too many names to sum them all', () => {
    fc.assert(
      fc.property(someStacks, fc.integer({ min: 2, max: 6 }), (stacks, most) => {
        const labels = [...new Set(stacks.flatMap(([frames]) => frames))];
        const sums = new NameSums(most);
        sums.useTable({ size: labels.length, label: (frame) => labels[frame]! });
        for (const [frames, weight = 0] of stacks) {
          for (const name of frames) sums.open(labels.indexOf(name));
          for (const level of frames.keys()) sums.close(weight, level === 0 ? weight : 0, weight, 0);
        }
        const found = sums.finish(0);
        const expected = plainSums(stacks);
        for (const [name, sum] of sumsOf(found)) expect(sum).toEqual(expected.get(name));
        expect(found.names.length + found.others).toBeLessThanOrEqual(labels.length);
        expect(found.names.length).toBeLessThanOrEqual(most);
        if (found.names.length < labels.length) expect(found.others).toBeGreaterThan(0);
      }),
    );
  });
  it('are in the file even if a name has no box', () => {
    const stacks: Stack[] = [
      [['wide'], 100_000],
      [['thin', 'leaf'], 1],
      [['wide', 'thin'], 2],
    ];
    expect(dataOf(textOf(stacks)).sums).toEqual(plainSums(stacks));
  });
  it('are left out if levels are not drawn, because those may contain any name', () => {
    expect(dataOf('a;b;c 1\n', { maxDepth: 2 }).sums.size).toBe(0);
  });
  it('are stored for the 4,000 names with the largest sums, and for fewer names if few boxes are drawn', () => {
    const names = Array.from({ length: 9000 }, (_, i) => `n${i}`);
    const stacks = names.map((name, i): Stack => [[name], 10_000 + i]);
    const { sums, others } = dataOf(textOf(stacks));
    expect([sums.size, others]).toEqual([4000, 5000]);
    expect(sums.get('n8999')).toEqual({ self: 18_999, total: 18_999 });
    expect(sums.has('n4999')).toBe(false);
    const wide: Stack[] = Array.from({ length: 100 }, (_, i) => [[`wide${i}`], 1e9]);
    const small = dataOf(textOf([...wide, ...stacks]));
    expect(small.svg.length - dataOf(textOf(wide)).svg.length).toBeLessThan(4000);
    expect(small.others).toBeGreaterThan(5000);
  });
});

describe('a search', () => {
  it('for one name reports its exact share, even if boxes are not drawn', async () => {
    const named = fc.array(
      fc.tuple(
        fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 5 }),
        fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(5000)),
      ),
      { minLength: 1, maxLength: 30 },
    );
    const page = await open();
    const address = page.url();
    await fc.assert(
      fc.asyncProperty(named, fc.constantFrom(0, '0.2%', '5%'), async (stacks, minwidth) => {
        await openText('flame.svg', renderFlameGraph([textOf(stacks)], { minwidth })).then((other) =>
          other.context().close(),
        );
        await page.goto('about:blank');
        await page.goto(address);
        const total = stacks.reduce((sum, [, weight]) => sum + weight, 0);
        for (const [name, sum] of plainSums(stacks)) {
          await page.getByRole('searchbox').fill(`^${name}$`);
          const text = await page.textContent('.sf-result');
          expect(text).toMatch(/^(?:\d+|Too narrow to be drawn) · /);
          expect(text!.split(' · ')[1]).toBe(`${((100 * sum.total) / total).toFixed(2)} %`);
        }
      }),
      share(0.1),
    );
  });
  it('for several names reports a lower bound on their share, and how much larger the share may be', async () => {
    const page = await openText('several.svg', renderFlameGraph(['a 90000\nb;c 3\nb;d 2\nx;a 5\n']));
    await page.getByRole('searchbox').fill('a|c');
    expect(await page.textContent('.sf-result')).toBe('1 · ≥ 99.99 %, 0.01 % not drawn');
    await page.getByRole('searchbox').fill('c|d');
    expect(await page.textContent('.sf-result')).toBe('Too narrow to be drawn · ≥ 0.00 %, 0.01 % not drawn');
    await page.getByRole('searchbox').fill('e');
    expect(await page.textContent('.sf-result')).toBe('No match');
  });
});

it('the description names the functions with the largest self weights, drawn or not', () => {
  const narrow = Array.from({ length: 300 }, (_, i) => `caller${i};busy 10\n`).join('');
  const svg = renderFlameGraph([`main;work 1000000\n${narrow}idle 500\n`]);
  expect(/<desc>(.*)<\/desc>/.exec(svg)![1]).toContain(
    'Largest self weights: work 99.65 %, busy 0.30 %, idle 0.05 %.',
  );
});
