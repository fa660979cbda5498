import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDtraceParser, DtraceParser, readDtrace, type DtraceOptions } from '../src/index.ts';
import { folded, read } from './read.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);
const trace = (name: string): Uint8Array => readFileSync(new URL(`${name}/trace.txt`, FIXTURES));
const RECORD =
  '              unix`mutex_enter+0x10\n              unix`sys_syscall+0x17a\n                3\n\n';
const INDENT = ' '.repeat(14);

describe.each(readdirSync(FIXTURES))('the dtrace output in %s', (name) => {
  it.each(['reference', 'wasm'] as const)('yields the golden stacks with the %s scanner', (scanner) => {
    const golden = readFileSync(new URL(`${name}/folded.txt`, FIXTURES), 'utf8');
    expect(folded(read(trace(name), { scanner }))).toBe(golden);
  });

  it('yields the same stacks with any chunk size', () => {
    for (const size of [1, 2, 3, 61, 4099]) expect(read(trace(name), {}, size)).toEqual(read(trace(name)));
  });
});

it('reads every field that a frame line shows', () => {
  const [first, second] = read(trace('stack')).frames;
  expect(first![0]).toEqual({
    label: 'genunix`syscall_mstate',
    symbol: 'syscall_mstate',
    module: 'genunix',
    offset: 0x5d,
  });
  expect(second![0]).toEqual({
    label: 'unix`0xfffffffffb8001d6',
    address: '0xfffffffffb8001d6',
    module: 'unix',
  });
  expect(second![3]).toEqual({ label: '0x104d08831', address: '0x104d08831' });
});

it.each([
  ['p`foo->bar', 'bar_[i] < p`foo'],
  ['p`ns::f(int)+0x4', 'p`ns::f'],
  ['p`f(int)+0x4', 'p`f(int)'],
  ['p`Harness<T,S>::poll+0x1', 'p`Harness<T,S>::poll'],
  ['p`(anonymous namespace)::f()', 'p`(anonymous namespace)::f'],
  ['p`Lorg/x;::y', 'p`org/x:::y'],
  ['p`a 12', 'p`a_12'],
])('labels the frame %s as %s', (frame, expected) => {
  expect(
    read(`${INDENT}${frame}\n 1\n`)
      .frames[0]!.map(({ label }) => label)
      .join(' < '),
  ).toBe(expected);
});

it('adds offsets to labels if requested, except for leaves', () => {
  expect(read(RECORD, { label: { offset: true } }).stacks).toEqual([
    'unix`sys_syscall+0x17a;unix`mutex_enter 3',
  ]);
});

it('counts dropped events and errors', () => {
  const { summary, facts } = read(
    `${RECORD}dtrace: 12 drops on CPU 1\ndtrace: error on enabled probe ID 3\n`,
  );
  expect(summary).toMatchObject({ records: 1, lost: 12, errors: 1, complete: false });
  expect(facts.losses).toEqual({ lost: 12, errors: 1 });
});

it('counts a record as truncated if the input ends within it', () => {
  for (let length = RECORD.length + 1; length < RECORD.length * 2 - 1; length++) {
    const text = (RECORD + RECORD).slice(0, length);
    const { stacks, summary } = read(text);
    const isOpen = text.slice(RECORD.length).trim() !== '';
    expect({ length, records: stacks.length, truncated: summary.truncated }).toEqual({
      length,
      records: 1,
      truncated: isOpen ? 1 : 0,
    });
  }
});

it.each([
  ['control-byte', {}, `${INDENT}a\u0000\n`],
  ['long-line', { maxLineLength: 256 }, `${INDENT}${'f'.repeat(300)}\n`],
  ['long-record', { maxRecordLines: 1 }, `${INDENT}a\n`],
])('counts a record with a %s under [damaged]', (reason, options, frames) => {
  const { stacks, summary } = read(frames + RECORD, options);
  expect(stacks).toEqual(['[damaged] 3']);
  expect(summary.damage[0]).toMatchObject({ reason });
});

it('skips and counts distributions and other text', () => {
  const text = `header\n           value  ------------- Distribution ------------- count    \n               1 |@@@@@@     3\n${RECORD}`;
  expect(read(text).stacks).toEqual(['unix`sys_syscall;unix`mutex_enter 3']);
  expect(read(text).summary.ignoredLines).toBe(3);
});

const line = fc.oneof(
  { weight: 5, arbitrary: fc.nat(30).map((n) => `${INDENT}m${n % 3}\`fn${n % 7}+0x${n}`) },
  { weight: 1, arbitrary: fc.nat(9).map((n) => `${INDENT}0x7f0${n}`) },
  { weight: 3, arbitrary: fc.nat(99).map((n) => `       ${n}`) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '',
      '  bash    1',
      '  k      7',
      'text',
      `${INDENT}a->b`,
      '\u0000',
      '#< 0 1',
      '#> 0 1',
      ' #. 5',
    ),
  },
);
const text = fc.array(line, { maxLength: 30 }).map((lines) => `${lines.join('\n')}\n`);

it('starts a new table when the current one is full', () => {
  const records = Array.from({ length: 40 }, (_, i) => `${INDENT}a.out\`f${i}\n${INDENT}  1\n\n`);
  const given = records.join('');
  expect(read(given, { maxTableFrames: 16 }).stacks).toEqual(read(given).stacks);
});

it('returns the same result with any chunk size, either scanner and any table size', () => {
  fc.assert(
    fc.property(text, fc.constantFrom(1, 2, 3, 61), fc.boolean(), (given, size, offset) => {
      const options = { label: { offset } };
      const whole = read(given.repeat(2), options);
      expect(read(given.repeat(2), options, size)).toEqual(whole);
      expect(read(given.repeat(2), { ...options, scanner: 'wasm' }, size)).toEqual(whole);
      const small = read(given.repeat(2), { ...options, maxTableFrames: 16 });
      expect([small.stacks, small.summary]).toEqual([whole.stacks, whole.summary]);
    }),
  );
});

it('works as a Transform, and as a Readable that reads several inputs', async () => {
  const parser = createDtraceParser();
  parser.end(Buffer.from(RECORD));
  const counts: number[] = [];
  for await (const batch of parser) for (const { count } of batch) counts.push(count);
  const source = (): { read: (into: Uint8Array) => number } => {
    let rest = new TextEncoder().encode(RECORD);
    return {
      read: (into) => {
        const piece = rest.subarray(0, 5);
        into.set(piece);
        rest = rest.subarray(piece.length);
        return piece.length;
      },
    };
  };
  const reader = readDtrace([source(), source()]);
  for await (const batch of reader) for (const { count } of batch) counts.push(count);
  expect([counts, parser.summary.records, reader.summary.records]).toEqual([[3, 3, 3], 1, 2]);
});

it('rejects unknown options and invalid values', () => {
  expect(() => new DtraceParser({ maxLineLength: 1 })).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTIONS' }),
  );
  expect(() => new DtraceParser({ colour: 'red' } as DtraceOptions)).toThrow(/colour/);
});
