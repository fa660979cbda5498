import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { turns } from '../../../testing/until.ts';
import type { Sample, StackBatch } from '@stapflame/stacks';
import { createParser, ParserError, readTraces, samples, type ParserOptions } from '../src/index.ts';
import { read } from './read.ts';

/** Lines in every format, including malformed lines. */
const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .nat(40)
      .map((n) => ` 0x7f00${n.toString(16).padStart(4, '0')} : fn${n % 7}+0x${n}/0x99 [/lib/l${n % 3}.so]`),
  },
  { weight: 3, arbitrary: fc.nat(5).map((n) => ` 0xffffffff8100000${n} : k${n}+0x1/0x2 [kernel]`) },
  { weight: 1, arbitrary: fc.nat(5).map((n) => ` 0x55000${n} : 0x55000${n} [/bin/s+0x${n}/0x0]`) },
  { weight: 5, arbitrary: fc.nat(99).map((n) => `\t${n}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      'text',
      '#< 0 1',
      '#> 0 1',
      '#. 5',
      '\t-1',
      '\u0001',
      'WARNING: x',
      'ERROR: long enough to be none but a message',
      '#= ERROR: x\\303\\251',
      '# stapflame end hits=3',
      '# stapflame 1 mode=stream hz=99 unit=samples maxbacktrace=3',
      ' 0x7f00 : fn# stapflame 1 mode=aggregate unit=samples',
      '-----',
      '--- 7 ---',
      '        8',
      '\t9 ',
      '   -3',
      '\t0x10',
      ' 0x0 (inexact)',
      ' 0x1111 [xfs',
      ' 0x2222 [xfs',
      'pool 3',
      '\t 0xffffffffa02b86df [xfs] (inexact)',
      '    0x7f001 : fn1+0x1/0x99 [/lib/l1.so]',
      'm["a+0x1 [p]"]=0xffffffffffffffff',
      ' main+0x1 [xfs]',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll('\n', ' ')),
  },
);
const trace = fc
  .tuple(fc.array(line, { maxLength: 40 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, end, ended]) => lines.join(end) + (ended ? end : ''));

it('returns the same stacks and summary with any chunk size', () => {
  fc.assert(
    fc.property(trace, fc.constantFrom(1, 2, 3, 61), (text, size) => {
      expect(read(text, {}, size)).toEqual(read(text));
    }),
  );
});

/**
 * Returns the result or the parser's error. Reading fails if a header runs into the next line, because its unit then
 * differs from that of other traces.
 */
function outcomeOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ParserError)) throw error;
    return { code: error.code, offset: error.offset, message: error.message };
  }
}

it('returns the same stacks and summary with either scanner', () => {
  fc.assert(
    fc.property(
      trace,
      fc.constantFrom(1, 3, 61, Infinity),
      fc.boolean(),
      fc.boolean(),
      fc.constantFrom(undefined, /^-+$/, /^-+ (\d+) -+$/),
      (text, size, addresses, blankSeparated, separator) => {
        const options = {
          addresses,
          blankSeparated,
          maxLineLength: 256,
          maxTableFrames: 24,
          ...(separator && { separator }),
        };
        const outcome = (scanner: 'wasm' | 'reference'): unknown =>
          outcomeOf(() => read(text.repeat(3), { ...options, scanner }, size));
        expect(outcome('wasm')).toEqual(outcome('reference'));
      },
    ),
  );
});

it('returns the same stacks with any table size', () => {
  fc.assert(
    fc.property(trace, fc.integer({ min: 16, max: 40 }), (text, maxTableFrames) => {
      expect(read(text, { maxTableFrames })).toEqual(read(text));
    }),
  );
});

it('returns the same labels when only labels are kept', () => {
  const labels = fc.record({
    module: fc.boolean(),
    offset: fc.boolean(),
    kernel: fc.boolean(),
    address: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.oneof(trace, trace.map(prefixed)),
      fc.integer({ min: 16, max: 40 }),
      fc.option(labels),
      fc.constantFrom(undefined, /^-+$/, /^-+ (\d+) -+$/),
      fc.boolean(),
      (text, maxTableFrames, label, separator, hostFrames) => {
        const options = { hostFrames, ...(label && { label }), ...(separator && { separator }) };
        const { stacks, summary } = read(text, { ...options, frames: 'labels', maxTableFrames });
        const whole = read(text, options);
        expect(stacks).toEqual(whole.stacks);
        // whether an unrecognised line is noted as new depends on the table, and the tables differ
        const { hints: _, unknown: __, ...counts } = summary;
        const { hints: ___, unknown: ____, ...wholeCounts } = whole.summary;
        expect(counts).toEqual(wholeCounts);
      },
    ),
  );
});

/** Adds host prefixes, and mixes lines from two hosts. */
function prefixed(text: string): string {
  return text.replaceAll(/^/gm, (_, at: number) => `${at % 2}: `);
}

it('keeps the weight of every readable count', () => {
  fc.assert(
    fc.property(trace, (text) => {
      const lines = text.split(/\r?\n/).slice(0, -1);
      const counts = lines.filter((each) => /^[ \t]+\d+[ \t]*$/.test(each)).map(Number);
      expect(read(text).summary.weight).toBe(counts.reduce((sum, count) => sum + count, 0));
    }),
  );
});

const RECORD = ' 0x1 : leaf+0x1/0x2 [/bin/p]\n 0x2 : root+0x1/0x2 [/bin/p]\n\t3\n';

async function collect(stream: AsyncIterable<StackBatch>): Promise<Sample[]> {
  const all: Sample[] = [];
  for await (const sample of samples(stream)) all.push(sample);
  return all;
}

it('works as a Transform whose stacks can be read one by one', async () => {
  const parser = createParser();
  const [all] = await Promise.all([
    collect(parser),
    pipeline(Readable.from([Buffer.from(RECORD.repeat(2))]), parser),
  ]);
  expect(all).toEqual(
    [1, 2].map(() => ({
      count: 3,
      frames: [
        { label: 'leaf', symbol: 'leaf', offset: 1, module: '/bin/p', kernel: false },
        { label: 'root', symbol: 'root', offset: 1, module: '/bin/p', kernel: false },
      ],
    })),
  );
  expect(parser.summary).toMatchObject({ records: 2, weight: 6, complete: true });
});

it('recognises a marked name as a thread name', async () => {
  const parser = createParser();
  const header = '# stapflame 1 mode=stream hz=99 unit=samples maxbacktrace=3\n';
  const record = `${header}#< 0 1\n${RECORD.replace('\t3', '#= worker\n#> 0 1\n\t3')}`;
  const [all] = await Promise.all([collect(parser), pipeline(Readable.from([Buffer.from(record)]), parser)]);
  expect(all[0]!.frames.at(-1)).toEqual({ label: 'worker', thread: true });
});

it('reads several sources one after another, and ends the record at the end of each source', async () => {
  const source = (text: string): { read: (into: Uint8Array) => number } => {
    let rest = new TextEncoder().encode(text);
    return {
      read: (into) => {
        const piece = rest.subarray(0, Math.min(5, into.length));
        into.set(piece);
        rest = rest.subarray(piece.length);
        return piece.length;
      },
    };
  };
  const reader = readTraces([source(`${RECORD} 0x9 : open+0x1/0x2 [/bin/p]\n`), source(RECORD)]);
  expect((await collect(reader)).map(({ count }) => count)).toEqual([3, 3]);
  expect(reader.summary).toMatchObject({ records: 2, truncated: 1, ignoredLines: 0 });
});

it('stops reading its source while nobody reads its output', async () => {
  let asked = 0;
  const reader = readTraces([
    { read: (into) => ((asked += 1), into.set(new TextEncoder().encode(RECORD)), RECORD.length) },
  ]);
  reader.once('readable', () => undefined);
  await turns(100);
  const before = asked;
  await turns(100);
  expect(asked).toBe(before);
  reader.destroy();
});

it('passes on the first batch before it has read all the input, even with small tables', async () => {
  let records = 0;
  const reader = readTraces(
    [
      {
        read: (into) => {
          if (records === 100_000) return 0;
          const text = new TextEncoder().encode(` 0x${records++} : f${records}+0x1/0x2 [/p]\n\t1\n`);
          into.set(text);
          return text.length;
        },
      },
    ],
    { maxTableFrames: 16 },
  );
  for await (const batch of reader) {
    expect(batch.length).toBeLessThanOrEqual(16);
    break;
  }
  expect(records).toBeLessThan(40_000);
});

it("fails with a source's error", async () => {
  const reader = readTraces([
    {
      read: () => {
        throw new Error('gone');
      },
    },
  ]);
  await expect(collect(reader)).rejects.toThrow('gone');
});

it('rejects unknown options and invalid values', () => {
  expect(() => createParser({ maxLineLength: 1 })).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTIONS' }),
  );
  expect(() => createParser({ colour: 'red' } as ParserOptions)).toThrow(/colour/);
});
