import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BpftraceParser, createBpftraceParser, readBpftrace, type BpftraceOptions } from '../src/index.ts';
import { folded, read } from './read.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);
const trace = (name: string): Uint8Array => readFileSync(new URL(`${name}/trace.txt`, FIXTURES));
const ELEMENT = '@[\n    vfs_read+187\n    ksys_read+111\n, burn]: 3\n';

describe.each(readdirSync(FIXTURES))('the bpftrace output in %s', (name) => {
  it.each(['reference', 'wasm'] as const)('yields the golden stacks with the %s scanner', (scanner) => {
    const golden = readFileSync(new URL(`${name}/folded.txt`, FIXTURES), 'utf8');
    const given = read(trace(name), { scanner });
    expect(folded(given)).toBe(golden);
    expect(given.summary).toMatchObject({ ignoredLines: 0, complete: true });
  });

  it('yields the same stacks with any chunk size', () => {
    for (const size of [1, 2, 3, 61, 4099]) expect(read(trace(name), {}, size)).toEqual(read(trace(name)));
  });
});

it('reads the same stacks from a map in JSON and in text', () => {
  const keys = ',\n    a+1\n    b+2\n,burn worker 7';
  const json = `{"type": "map", "data": {"@": {${JSON.stringify(keys)}: 5}}}\n`;
  const text = '@[, \n    a+1\n    b+2\n, burn worker 7]: 5\n';
  expect(read(json).stacks).toEqual(['burn_worker_7;b;a 5']);
  expect(read(json).frames).toEqual(read(text).frames);
});

it.each([
  ['@[\na+1\n]: 7', ['a 7']],
  ['@[comm, \n    a+1\n]: 7', ['comm;a 7']],
  ['@x[\n    a+1\n, comm, 12]: 7', ['comm;12;a 7']],
  ['@x[\n    a+1\n, \n    b+1\n, comm]: 7', ['comm;b;a 7']],
  ['@[, comm]: 7', ['comm 7']],
  ['@[]: 7', ['[unknown] 7']],
])('reads the element %j', (text, stacks) => {
  expect(read(`${text}\n`).stacks).toEqual(stacks);
});

it('reads every field that a frame line shows', () => {
  const text =
    '@[\n\tffffffff816d6a0f ksys_read+111\n\t55c9f680c1b8 hash+31 (/opt/burn/burn)\n    0x7fb7ecc1a2ec\n    main+50\n]: 1\n';
  expect(read(text).frames[0]).toEqual([
    { label: 'ksys_read', symbol: 'ksys_read', offset: 111, address: '0xffffffff816d6a0f', kernel: true },
    {
      label: 'hash',
      symbol: 'hash',
      offset: 31,
      module: '/opt/burn/burn',
      address: '0x55c9f680c1b8',
      kernel: false,
    },
    { label: '0x7fb7ecc1a2ec', address: '0x7fb7ecc1a2ec', kernel: false },
    { label: 'main', symbol: 'main', offset: 50 },
  ]);
  expect(read(text, { label: { kernel: true, offset: true, module: true } }).stacks).toEqual([
    'main+0x32;0x7fb7ecc1a2ec;hash+0x1f [burn];ksys_read+0x6f_[k] 1',
  ]);
});

it('reads the first map with stacks in its keys, or the map named by the option', () => {
  const text = `@bytes[burn]: 4096\n@total: 5\n${ELEMENT}${ELEMENT.replace('@', '@other')}`;
  const { stacks, summary } = read(text);
  expect(stacks).toEqual(['burn;ksys_read;vfs_read 3']);
  expect(summary).toMatchObject({ map: '@', otherMaps: { '@bytes': 1, '@other': 1 }, ignoredLines: 0 });
  expect(read(text, { map: '@bytes' }).stacks).toEqual(['burn 4096']);
});

it('counts lost events, errors, and values that are not counts', () => {
  const text = `Lost 12 events\nERROR: failed to look up stack id 4 (pid 1): -2\n@a[burn]: count 3, average 5\n${ELEMENT}`;
  expect(read(text).summary).toMatchObject({
    records: 1,
    lost: 12,
    errors: 1,
    ignoredLines: 1,
    complete: false,
  });
});

it('counts a record as truncated if the input ends within it', () => {
  for (let length = ELEMENT.length + 2; length < ELEMENT.length * 2; length++) {
    const { stacks, summary } = read((ELEMENT + ELEMENT).slice(0, length));
    expect({ length, records: stacks.length, truncated: summary.truncated }).toEqual({
      length,
      records: 1,
      truncated: 1,
    });
  }
  expect(read('{"type": "map", "data": {"@": {"').summary).toMatchObject({ records: 0, truncated: 1 });
});

it.each([
  ['control-byte', {}, '    a\u0000'],
  ['long-line', { maxLineLength: 256 }, `    ${'f'.repeat(300)}`],
])('puts the weight of an element with a %s into [damaged]', (reason, options, frame) => {
  const { stacks, summary } = read(ELEMENT.replace('    vfs_read+187', frame), options);
  expect(stacks).toEqual(['burn;[damaged] 3']);
  expect(summary.damage[0]).toMatchObject({ reason });
});

const line = fc.oneof(
  { weight: 5, arbitrary: fc.nat(30).map((n) => `    fn${n % 7}+${n}`) },
  { weight: 2, arbitrary: fc.nat(9).map((n) => `\t7f0055${n}1234 g${n}+1 (/lib/x.so)`) },
  { weight: 3, arbitrary: fc.nat(99).map((n) => `, burn]: ${n}`) },
  { weight: 3, arbitrary: fc.constantFrom('@[', '@[, ', '@x[burn, ', '@[]: 4') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ']: 5',
      ', ',
      'text',
      '',
      '\u0000',
      '    0x7f00',
      '{"type": "map", "data": {"@": {"\\n    a+1\\n,x": 2}}}',
      '{"type',
    ),
  },
);
const text = fc.array(line, { maxLength: 30 }).map((lines) => `${lines.join('\n')}\n`);

it('returns the same result with any chunk size, either scanner and any table size', () => {
  fc.assert(
    fc.property(text, fc.constantFrom(1, 2, 3, 61), (given, size) => {
      const whole = read(given.repeat(2));
      expect(read(given.repeat(2), {}, size)).toEqual(whole);
      expect(read(given.repeat(2), { scanner: 'wasm' }, size)).toEqual(whole);
      const small = read(given.repeat(2), { maxTableFrames: 16 });
      expect([small.stacks, small.summary]).toEqual([whole.stacks, whole.summary]);
    }),
  );
});

it.each(['55c9f680c1b8 hash+31 ([unknown])', '55c9f680c1b8 hash+31 ()'])(
  "leaves out a frame's module if bpftrace does not know it: %s",
  (line) => {
    expect(read(`@[\n\t${line}\n]: 1\n`).frames[0]).toEqual([
      { label: 'hash', symbol: 'hash', offset: 31, address: '0x55c9f680c1b8', kernel: false },
    ]);
  },
);

it('skips JSON map values that are not counts', () => {
  const elements = { '\n    a+1\n': 2, '\n    b+1\n': { count: 3 }, '\n    c+1\n': -4, '\n    d+1\n': '5' };
  const json = `${JSON.stringify({ type: 'map', data: { '@': elements } })}\n`;
  expect(read(json).stacks).toEqual(['a 2']);
});

describe('an element with too many lines', () => {
  const MANY = 70_000;
  const frames = '    a+1\n'.repeat(MANY);
  it.each([
    ['in text', `@[\n${frames}]: 1\n`],
    ['in JSON', `${JSON.stringify({ type: 'map', data: { '@': { [`\n${frames}`]: 1 } } })}\n`],
    ['that are keys', `@[\n    a+1\n${', b'.repeat(MANY)}]: 1\n`],
  ])('%s is damaged, and the next element is intact', (_, text) => {
    const { stacks, summary } = read(`${text}${ELEMENT}`);
    expect(stacks).toHaveLength(2);
    expect(stacks[0]!.endsWith('[damaged] 1')).toBe(true);
    expect(stacks[1]).toBe('burn;ksys_read;vfs_read 3');
    expect(summary).toMatchObject({
      damaged: 1,
      damage: [{ offset: expect.any(Number), reason: 'long-record' }],
    });
  });
});

it('counts skipped elements per map, for the first hundred maps that are not read', () => {
  const others = Array.from({ length: 101 }, (_, i) => `@other${i}[\n    a+1\n]: 1\n`);
  const { otherMaps } = read(`${ELEMENT}${others.join('')}${others[0]}${others[100]}`).summary;
  expect(Object.keys(otherMaps)).toHaveLength(100);
  expect(otherMaps).toMatchObject({ '@other0': 2, '@other99': 1 });
});

it('starts a new table when the current one is full', () => {
  const elements = Array.from({ length: 40 }, (_, i) => `@[\n    f${i}+1\n    main+1\n]: ${i + 1}\n`);
  const { stacks } = read(elements, { maxTableFrames: 16 });
  expect(stacks).toEqual(elements.map((_, i) => `main;f${i} ${i + 1}`));
});

it('works as a Transform, and as a Readable that reads several inputs', async () => {
  const parser = createBpftraceParser();
  parser.end(Buffer.from(ELEMENT));
  const counts: number[] = [];
  for await (const batch of parser) for (const { count } of batch) counts.push(count);
  const source = (): { read: (into: Uint8Array) => number } => {
    let rest = new TextEncoder().encode(ELEMENT);
    return {
      read: (into) => {
        const piece = rest.subarray(0, 5);
        into.set(piece);
        rest = rest.subarray(piece.length);
        return piece.length;
      },
    };
  };
  const reader = readBpftrace([source(), source()]);
  for await (const batch of reader) for (const { count } of batch) counts.push(count);
  expect([counts, parser.summary.records, reader.summary.records]).toEqual([[3, 3, 3], 1, 2]);
});

it('rejects unknown options and invalid values', () => {
  expect(() => new BpftraceParser({ maxLineLength: 1 })).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTIONS' }),
  );
  expect(() => new BpftraceParser({ colour: 'red' } as BpftraceOptions)).toThrow(/colour/);
});
