import { batchOf, StackBatch, type Facts, type Frame } from '@stapflame/stacks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PprofWriter } from '../src/index.ts';
import { batchOfFrames, NotingTable, read, write } from './profile.ts';

const ONE = [{ frames: ['leaf', 'root'], count: 3 }];

describe('stacks', () => {
  const someName = fc.oneof(
    fc.constantFrom('main', 'operator()(int) const', 'Vec<T>::push', '[libc.so.6]'),
    fc.string(),
  );
  const someSample = fc.record({
    frames: fc.array(someName, { minLength: 1, maxLength: 40 }),
    count: fc.integer({ min: 0, max: 2 ** 40 }),
  });

  it('are read back from the profile in order, however they are divided into batches', () => {
    fc.assert(
      fc.property(fc.array(fc.array(someSample)), (given) => {
        const batches = given.map((samples) => batchOf(samples));
        const { samples } = read(write(batches));
        expect(samples).toEqual(
          batches.flatMap((batch) =>
            [...batch].map(({ frames, count }) => ({
              stack: frames.map(({ label }) => [label]),
              values: [count],
            })),
          ),
        );
      }),
    );
  });

  it('are read back even if they have more names than the writer remembers', () => {
    const samples = Array.from({ length: 34_000 }, (_, i) => ({
      frames: [`f${i % 33_000}`, 'main'],
      count: i,
    }));
    const batches = [batchOf(samples.slice(0, 33_500)), batchOf(samples.slice(33_500))];
    const found = read(write(batches)).samples.map(
      ({ stack, values }) => `${stack.flat().join(' ')} ${values[0]}`,
    );
    expect(found).toEqual(samples.map(({ frames, count }) => `${frames.join(' ')} ${count}`));
  });

  it('may be absent: the profile then still has a sample type', () => {
    expect(read(write([])).types).toEqual(['samples/count']);
  });
});

describe('frames', () => {
  const INLINE: readonly Frame[] = [
    { label: 'leaf', address: '0xffffffff9d9c2a4a', module: 'kernel', kernel: true },
    { label: 'square', inlined: true, file: 'a.c', line: 3 },
    { label: 'sum', inlined: true, file: 'a.c', line: 9 },
    { label: 'loop', address: '0x10', module: '/bin/a', buildId: 'ab12', file: 'a.c', line: 20 },
    { label: 'main', module: '/bin/a', buildId: 'ab12' },
  ];

  it('that were inlined share the location of the frame that they were inlined into', () => {
    expect(read(write([batchOfFrames([[INLINE, 1]])])).samples[0]!.stack).toEqual([
      ['leaf'],
      ['square', 'sum', 'loop'],
      ['main'],
    ]);
  });

  it('that were inlined into an unknown function have their own location', () => {
    expect(read(write([batchOfFrames([[INLINE.slice(1, 3), 1]])])).samples[0]!.stack).toEqual([
      ['square', 'sum'],
    ]);
  });

  it('keep their module, build-id, address, file and line', () => {
    const { profile, text } = read(write([batchOfFrames([[INLINE, 1]])]));
    expect(profile.mapping.map(({ filename, buildId }) => [text(filename), text(buildId)])).toEqual([
      ['kernel', ''],
      ['/bin/a', 'ab12'],
    ]);
    expect(profile.location.map(({ address }) => BigInt(address))).toEqual([0xffffffff9d9c2a4an, 16n, 0n]);
    expect(profile.location[1]!.line.map(({ line }) => line)).toEqual([3, 9, 20]);
    expect(profile.function.map(({ filename }) => text(filename))).toEqual(['', 'a.c', 'a.c', 'a.c', '']);
  });

  it('that an earlier batch used are not looked up again while batches share a table, even when the table grows', () => {
    const table = new NotingTable();
    const main = table.add({ label: 'main' });
    const names = Array.from({ length: 3000 }, (_, i) => `f${i}`);
    const batchOfNext = (ids: readonly number[]): StackBatch =>
      new StackBatch({
        table,
        frames: Uint32Array.from(ids.flatMap((id) => [id, main])),
        bounds: Uint32Array.from({ length: ids.length + 1 }, (_, i) => 2 * i),
        weights: [new Float64Array(ids.length).fill(1)],
      });
    function* batches(): Generator<StackBatch> {
      const early = names.slice(0, 2).map((label) => table.add({ label }));
      yield batchOfNext(early);
      table.lookedUp.clear();
      yield batchOfNext([...early, ...names.slice(2).map((label) => table.add({ label }))]);
    }
    const stacks = read(write(batches())).samples.map(({ stack }) => stack.flat());
    expect(stacks).toEqual([...names.slice(0, 2), ...names].map((name) => [name, 'main']));
    const used = 3; // `main` and the two others of the first batch
    expect([...table.lookedUp]).toEqual(Array.from({ length: table.size - used }, (_, i) => used + i));
  });

  it('of kernel code without a module belong to the mapping [kernel], and invalid addresses are left out', () => {
    const { profile, text } = read(
      write([batchOfFrames([[[{ label: 'a', kernel: true, address: 'nonsense' }], 1]])]),
    );
    expect(text(profile.mapping[0]!.filename)).toBe('[kernel]');
    expect(profile.location[0]!.address).toBe(0);
  });
});

describe('values', () => {
  const valuesOf = (facts: Facts, count: number): unknown => {
    const { types, samples } = read(write([batchOf([{ frames: ['a'], count }], facts)]));
    return [types, samples[0]!.values];
  };

  it('are samples and, if the period is known, CPU time, which pprof shows by default', () => {
    expect(valuesOf({}, 3)).toEqual([['samples/count'], [3]]);
    expect(valuesOf({ period: 10_101_010 }, 3)).toEqual([
      ['samples/count', 'cpu/nanoseconds'],
      [3, 30_303_030],
    ]);
  });

  it('are named according to their unit: off-CPU time for µs, CPU time for ns, and the unit itself for any other unit', () => {
    expect(valuesOf({ unit: 'us', period: 5 }, 3)).toEqual([['off-cpu/microseconds'], [3]]);
    expect(valuesOf({ unit: 'ns' }, 3)).toEqual([['cpu/nanoseconds'], [3]]);
    expect(valuesOf({ unit: 'bytes' }, 3)).toEqual([['bytes/bytes'], [3]]);
  });

  it('in a comparison are both weights and their difference', () => {
    const batch = batchOfFrames([
      [[{ label: 'a' }], 5, 2],
      [[{ label: 'b' }], 0, 2 ** 40],
    ]);
    const { types, samples } = read(write([batch]));
    expect(types).toEqual(['before/count', 'after/count', 'difference/count']);
    expect(samples.map(({ values }) => values)).toEqual([
      [5, 2, -3],
      [0, 2 ** 40, 2 ** 40],
    ]);
  });

  it('that are not whole numbers are rounded, and a comment says how many were rounded', () => {
    const samples = [1.5, 2, 0.4].map((count) => ({ frames: ['a'], count }));
    const found = read(write([batchOf(samples)]));
    expect(found.samples.map(({ values }) => values)).toEqual([[2], [2], [0]]);
    expect(found.comments).toEqual(['2 weights were rounded to whole numbers']);
  });

  it('are written exactly, up to 2^62', () => {
    for (const count of [127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 53 - 1, 2 ** 62])
      expect(valuesOf({}, count)).toEqual([['samples/count'], [count]]);
  });

  it('are rejected if their sum is too large for a profile', () => {
    const half = { frames: ['a'], count: 2 ** 62 };
    expect(() => write([batchOf([half, half])])).toThrow(
      expect.objectContaining({ name: 'PprofError', code: 'SUM_TOO_LARGE' }),
    );
  });
});

describe('facts', () => {
  it('about time and period become fields, and the host becomes a label', () => {
    const facts = { start: 1_795_412_820_161, duration: 20_000.4, period: 1_000_000, host: 'web1' };
    const { profile, text } = read(write([batchOf(ONE, facts)]));
    expect(profile.timeNanos).toBe(1_795_412_820_161_000_000n);
    expect(profile.durationNanos).toBe(20_000_000_000n);
    expect(profile.period).toBe(1_000_000);
    const label = profile.sample[0]!.label[0]!;
    expect([text(label.key), text(label.str)]).toEqual(['host', 'web1']);
  });

  it('about a host become a label on the samples of that host alone', () => {
    const hosts: readonly Facts[] = [{ host: 'web1' }, { host: 'web1' }, { host: 'web2' }, {}];
    const { profile, text } = read(write(hosts.map((facts) => batchOf(ONE, facts))));
    const labels = profile.sample.map(({ label }) => label.map(({ str }) => text(str)));
    expect(labels).toEqual([['web1'], ['web1'], ['web2'], []]);
  });

  it('about times that do not fit into a profile are left out', () => {
    const timesOf = (milliseconds: number): unknown => {
      const { profile } = read(write([batchOf(ONE, { start: milliseconds, duration: milliseconds })]));
      return [profile.timeNanos, profile.durationNanos];
    };
    expect(timesOf(9_223_372_036_854)).toEqual([9_223_372_036_854_000_000n, 9_223_372_036_854_000_000n]);
    for (const tooLarge of [9_223_372_036_855, 999_999_999_999_999, Infinity])
      expect(timesOf(tooLarge)).toEqual([0, 0]);
  });

  it('about a thread become a label on its samples, in addition to the host label', () => {
    const worker = { label: 'worker', thread: true };
    const stacks: readonly (readonly [Frame[], number])[] = [
      [[{ label: 'read' }, worker], 1],
      [[{ label: 'worker' }], 1],
    ];
    const { profile, text } = read(write([batchOfFrames(stacks, { host: 'web1' })]));
    const labels = profile.sample.map(({ label }) => label.map(({ key, str }) => [text(key), text(str)]));
    expect(labels).toEqual([
      [
        ['thread', 'worker'],
        ['host', 'web1'],
      ],
      [['host', 'web1']],
    ]);
  });

  it('that have no field in the format become comments, with the values from the last batch', () => {
    const last = {
      losses: { lost: 3, truncated: 1 },
      beyondLimit: 7,
      exportedOnly: 2,
      inexact: true,
      reversed: true,
      base: ['main'],
      kernel: '6.1.0-53',
    };
    const { comments } = read(write([batchOf(ONE), batchOf([], last)]));
    expect(comments).toEqual([
      'incomplete: truncated=1 lost=3',
      'beyond the sampler limit: 7',
      'in unnamed functions of files that name only exported functions: 2',
      'a sum exceeds 2^53 and was rounded',
      'stacks are reversed: they start at the leaf',
      'stacks begin at main',
      'kernel 6.1.0-53',
    ]);
  });

  it('that differ between inputs are left out: a period that not all inputs share appears only in a comment', () => {
    const { comments, profile } = read(write([batchOf(ONE, { period: 5 }), batchOf(ONE, {})]));
    expect(comments).toEqual(['cpu was computed as 5 ns per sample, which is not the period of all inputs']);
    expect(profile.period).toBe(0);
  });
});

it('an input that is not a batch is rejected', () => {
  expect(() => [...new PprofWriter().write('a;b 3' as never)]).toThrow(
    expect.objectContaining({ code: 'INVALID_STACKS' }),
  );
});
