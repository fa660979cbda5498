import {
  batchOf,
  FrameList,
  StackBatch,
  StackBuilder,
  type Facts,
  type PlainSample,
} from '@stapflame/stacks';
import fc from 'fast-check';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import {
  createFunctionTable,
  FunctionCounter,
  FunctionsError,
  type FunctionOptions,
  type FunctionTable,
} from '../src/index.ts';

const name = fc.constantFrom('a', 'b', 'c', 'd', 'pool_3');
const samples = fc.array(
  fc.record({
    frames: fc.array(name, { minLength: 1, maxLength: 8 }),
    count: fc.integer({ min: 1, max: 9 }),
  }),
  { minLength: 1, maxLength: 30 },
);

function tableOf(batches: Iterable<StackBatch>, options: FunctionOptions = {}): FunctionTable {
  const counter = new FunctionCounter(options);
  for (const batch of batches) counter.push(batch);
  return counter.table();
}

const sumOf = (given: readonly PlainSample[], counts: (sample: PlainSample) => boolean): number =>
  given.filter(counts).reduce((sum, { count }) => sum + count, 0);

describe('top', () => {
  it('counts a name once per stack, even if it occurs several times and in several tables', () => {
    fc.assert(
      fc.property(fc.array(samples, { minLength: 1, maxLength: 3 }), (given) => {
        const all = given.flat();
        const { rows, weight, names } = tableOf(given.map((each) => batchOf(each)));
        const expected = [...new Set(all.flatMap(({ frames }) => frames))].map((label) => ({
          name: label,
          self: sumOf(all, ({ frames }) => frames[0] === label),
          total: sumOf(all, ({ frames }) => frames.includes(label)),
        }));
        expect(
          rows.map((row) => ({ name: row.name, self: row.self.weight, total: row.total.weight })),
        ).toEqual(
          expected.sort((a, b) => b.self - a.self || b.total - a.total || (a.name < b.name ? -1 : 1)),
        );
        expect(weight).toBe(sumOf(all, () => true));
        expect(names).toBe(expected.length);
        for (const { total } of rows) expect(total.share).toBeCloseTo(total.weight / weight, 12);
      }),
    );
  });
  it('lists the requested number of functions, most expensive first', () => {
    const batch = (): StackBatch =>
      batchOf([
        { frames: ['leaf', 'root'], count: 1 },
        { frames: ['root'], count: 2 },
        { frames: ['x', 'y', 'root'], count: 1 },
      ]);
    const names = (options: FunctionOptions): string[] =>
      tableOf([batch()], options).rows.map((row) => row.name);
    expect(names({ limit: 2 })).toEqual(['root', 'leaf']);
    expect(names({ sort: 'total', limit: 0 })).toEqual(['root', 'leaf', 'x', 'y']);
    const many = batchOf(Array.from({ length: 30 }, (_, i) => ({ frames: [`f${i}`], count: 1 })));
    expect(tableOf([many]).rows).toHaveLength(30);
  });
  it('computes shares relative to all samples, including filtered ones', () => {
    const { weight, filtered, rows } = tableOf([batchOf([{ frames: ['a'], count: 3 }], { filtered: 9 })]);
    expect({ weight, filtered }).toEqual({ weight: 3, filtered: 9 });
    expect(rows[0]!.self.share).toBe(0.25);
  });
  it('has confidence intervals only if the weights are sample counts', () => {
    const row = (facts: Facts): unknown => tableOf([batchOf([{ frames: ['a'], count: 3 }], facts)]).rows[0];
    expect(row({ unit: 'us' })).toEqual({
      name: 'a',
      self: { weight: 3, share: 1 },
      total: { weight: 3, share: 1 },
    });
    expect(row({})).toMatchObject({ self: { weight: 3, share: 1, interval: [expect.any(Number), 1] } });
  });
  it('adds up decimal weights without rounding errors, and counts only the second weight if there are two', () => {
    const { table, frames, bounds } = batchOf([
      { frames: ['a'], count: 1 },
      { frames: ['a'], count: 1 },
    ]);
    const weights = [Float64Array.of(7, 7), Float64Array.of(0.1, 0.2)];
    const { weight, rows } = tableOf([new StackBatch({ table, frames, bounds, weights })]);
    expect([weight, rows[0]!.self.weight]).toEqual([0.3, 0.3]);
  });
  it("shows a name's module, or that the name occurs in several modules", () => {
    const table = new FrameList();
    const builder = new StackBuilder();
    const ids = [
      { label: 'a', module: '/lib/x.so' },
      { label: 'a', module: '/lib/x.so' },
      { label: 'b', module: '/lib/x.so' },
      { label: 'b', module: '/lib/y.so' },
      { label: 'c' },
    ].map((frame) => table.add(frame));
    builder.add(Uint32Array.from(ids), 0, ids.length, 1);
    const { rows } = tableOf([builder.take(table)]);
    expect(rows.map((row) => [row.name, row.module])).toEqual([
      ['a', '/lib/x.so'],
      ['b', '[several]'],
      ['c', undefined],
    ]);
  });
  it('counts frames that are added to a table between batches', () => {
    const table = new FrameList();
    const builder = new StackBuilder();
    const batches = Array.from({ length: 50 }, (_, batch) => {
      for (let i = 0; i < 100; i++) {
        const id = table.add({ label: `f${(batch * 100 + i) % 3000}` });
        builder.add(Uint32Array.of(id), 0, 1, 1);
      }
      return builder.take(table);
    });
    const counter = new FunctionCounter();
    const seen = new FrameList();
    for (const { frames, bounds, weights, table: whole } of batches) {
      while (seen.size <= Math.max(...frames)) seen.add(whole.frame(seen.size));
      counter.push(new StackBatch({ table: seen, frames, bounds, weights }));
    }
    const { rows, names } = counter.table();
    expect(names).toBe(3000);
    expect(rows.filter(({ self }) => self.weight === 2)).toHaveLength(2000);
  });
  it('counts names beyond the limit together, once per stack', () => {
    const { rows, names } = tableOf(
      [
        batchOf([
          { frames: ['a', 'b'], count: 1 },
          { frames: ['c', 'd', 'a'], count: 2 },
        ]),
      ],
      { maxNames: 2 },
    );
    expect(names).toBe(3);
    expect(rows.map((row) => [row.name, row.self.weight, row.total.weight])).toEqual([
      ['[others]', 2, 2],
      ['a', 1, 3],
      ['b', 0, 1],
    ]);
  });
  it('limits the total length of the names that it keeps', () => {
    const long = 'x'.repeat(1 << 20);
    const stacks = Array.from({ length: 20 }, (_, i) => ({ frames: [`${i}${long}`], count: 1 }));
    const { rows } = tableOf([batchOf(stacks)]);
    expect(rows[0]).toMatchObject({ name: '[others]', self: { weight: 5 } });
    expect(rows).toHaveLength(16);
  });
});

describe('peek', () => {
  it("counts a name's callers and callees once per stack, and does not count its calls to itself", () => {
    fc.assert(
      fc.property(samples, (drawn) => {
        const given = [...drawn, { frames: ['a', 'c'], count: 1 }];
        const { rows } = tableOf([batchOf(given)], { names: /^[ab]$/ });
        const labels = new Set(given.flatMap(({ frames }) => frames));
        expect(rows.map((row) => row.name).sort()).toEqual(['a', 'b'].filter((label) => labels.has(label)));
        for (const row of rows)
          for (const other of labels) {
            const calls = (caller: string, callee: string): number =>
              caller === callee
                ? 0
                : sumOf(given, ({ frames }) =>
                    frames.some((frame, i) => frame === callee && frames[i + 1] === caller),
                  );
            const weightOf = (side: 'callers' | 'callees'): number =>
              row[side]!.edges.find((edge) => edge.name === other)?.weight ?? 0;
            expect(weightOf('callers')).toBe(calls(other, row.name));
            expect(weightOf('callees')).toBe(calls(row.name, other));
          }
      }),
    );
  });
  it("lists callers and callees heaviest first, with their shares of the matching name's total", () => {
    const batch = batchOf([
      { frames: ['x', 'f', 'main'], count: 3 },
      { frames: ['y', 'f', 'init'], count: 1 },
    ]);
    expect(tableOf([batch], { names: /f/ }).rows).toMatchObject([
      {
        name: 'f',
        callers: {
          names: 2,
          edges: [
            { name: 'main', weight: 3, share: 0.75 },
            { name: 'init', weight: 1, share: 0.25 },
          ],
        },
        callees: { names: 2, edges: [{ name: 'x' }, { name: 'y' }] },
      },
    ]);
  });
  it('counts calls beyond the limit together as [others]', () => {
    const most = 1 << 18;
    const samples = Array.from({ length: most + 3 }, (_, i) => ({ frames: [`f${i}`, 'main'], count: 1 }));
    const [row] = tableOf([batchOf(samples)], { names: /^main$/, maxNames: 1_000_000 }).rows;
    const { names, edges } = row!.callees!;
    expect(names).toBe(most + 1);
    expect(edges[0]).toEqual({ name: '[others]', weight: 3, share: 3 / (most + 3) });
  });
  it('reports shares of 0 if the total of the matching name is 0', () => {
    const batch = batchOf([{ frames: ['f', 'main'], count: 0 }]);
    expect(tableOf([batch], { names: /^main$/ }).rows[0]!.callees!.edges).toEqual([
      { name: 'f', weight: 0, share: 0 },
    ]);
  });
  it('fails if no name matches', () => {
    const batch = batchOf([{ frames: ['a'], count: 1 }]);
    expect(() => tableOf([batch], { names: /z/ })).toThrow(
      expect.objectContaining({ code: 'EMPTY_INPUT', message: 'no name matches z' }),
    );
  });
});

it('an input without stacks is rejected', () => {
  expect(() => tableOf([])).toThrow(expect.objectContaining({ code: 'EMPTY_INPUT' }));
});

it('invalid batches and options are rejected', () => {
  expect(() => new FunctionCounter().push('a;b 1' as unknown as StackBatch)).toThrow(
    expect.objectContaining({ code: 'INVALID_STACKS' }),
  );
  for (const options of [{ limit: -1 }, { sort: 'weight' }, { maxNames: 0 }, { rows: 3 }])
    expect(() => new FunctionCounter(options as unknown as FunctionOptions)).toThrow(FunctionsError);
});

describe('the stream', () => {
  it('emits one table when the input ends', async () => {
    const given = [3, 4].map((count) => batchOf([{ frames: ['a', 'b'], count }]));
    const tables = await Readable.from(given)
      .pipe(createFunctionTable({ limit: 1 }))
      .toArray();
    expect(tables).toMatchObject([{ weight: 7, names: 2, rows: [{ name: 'a', self: { weight: 7 } }] }]);
  });
  it('fails if the input has no stacks', async () => {
    await expect(Readable.from([]).pipe(createFunctionTable()).toArray()).rejects.toThrow(
      expect.objectContaining({ code: 'EMPTY_INPUT' }),
    );
  });
});
