import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { batchOf, FrameList, StackBatch, type Frame } from '@stapflame/stacks';
import { TraceParser } from '@stapflame/stap-parser';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bundleForBrowser } from '../../../testing/bundle.ts';
import { createSpeedscopeWriter, SpeedscopeWriter } from '../src/index.ts';
import {
  batchOfOne,
  copies,
  documentOf,
  MemoryStore,
  NotingTable,
  plain,
  samplesOf,
  textOf,
} from './document.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/kernel/${name}`, import.meta.url));

function parseTrace(): StackBatch[] {
  const parser = new TraceParser();
  parser.push(readFileSync(fixture('trace.txt')));
  parser.endInput();
  return parser.take();
}

it('a real trace produces exactly the golden profile, which is known to load in speedscope', () => {
  expect(textOf(parseTrace())).toBe(readFileSync(fixture('profile.speedscope.json'), 'utf8'));
});

it('stacks are read back in order, however they are divided into batches', () => {
  const someName = fc.oneof(
    fc.constantFrom('main', '"', '\\', '</script>', '\u2028'),
    fc.string({ unit: 'binary' }),
  );
  const someSample = fc.record({
    frames: fc.array(someName, { minLength: 1, maxLength: 40 }),
    count: fc.double({ min: 0, max: 2 ** 53, noNaN: true }).map((count) => count + 0),
  });
  fc.assert(
    fc.property(fc.array(fc.array(someSample)), (given) => {
      const batches = given.map((samples) => batchOf(samples));
      const document = documentOf(batches);
      expect(samplesOf(document)).toEqual(plain(batches));
      const sum = plain(batches).reduce((all, { count }) => all + count, 0);
      expect(document.profiles[0]!.endValue).toBe(sum);
    }),
  );
});

it('a large profile is buffered in temporary files, and the document is complete', () => {
  const samples = Array.from({ length: 40_000 }, (_, i) => ({ frames: [`frame ${i}x`, 'main'], count: i }));
  const store = new MemoryStore();
  const writer = new SpeedscopeWriter(store);
  const pieces = copies(writer.write(batchOf(samples)));
  expect(store.open).toBe(2);
  pieces.push(...copies(writer.finish()));
  expect(store.open).toBe(0);
  expect(samplesOf(JSON.parse(Buffer.concat(pieces).toString()))).toEqual(samples);
});

it('a function has one frame for all its addresses and lines; a function of the same name in another file has its own', () => {
  const frames: readonly Frame[] = [
    { label: 'f', address: '0x1', module: '/bin/a', line: 3 },
    { label: 'f', address: '0x2', module: '/bin/a', line: 4 },
    { label: 'f', module: '/bin/b' },
    { label: 'f', module: '/bin/b', file: 'f.c' },
    { label: 'f' },
  ];
  const table = new FrameList();
  const ids = frames.map((frame) => table.add(frame));
  const batch = new StackBatch({
    table,
    frames: Uint32Array.from(ids),
    bounds: Uint32Array.of(0, ids.length),
    weights: [Float64Array.of(1)],
  });
  const { shared, profiles } = documentOf([batch]);
  expect(shared.frames).toEqual([
    { name: 'f' },
    { name: 'f', file: 'f.c' },
    { name: 'f', file: '/bin/b' },
    { name: 'f', file: '/bin/a' },
  ]);
  expect(profiles[0]!.samples).toEqual([[0, 1, 2, 3, 3]]);
});

it('frames of a table that batches share are looked up only once, even when the table grows between batches', () => {
  const table = new NotingTable();
  const names = Array.from({ length: 3000 }, (_, i) => `f${i}`);
  function* batches(): Generator<StackBatch> {
    const early = names.slice(0, 2).map((label) => table.add({ label }));
    yield table.batchOf(early);
    yield table.batchOf([...early, ...names.slice(2).map((label) => table.add({ label }))]);
  }
  const found = samplesOf(documentOf(batches())).map(({ frames }) => frames);
  expect(found).toEqual([...names.slice(0, 2), ...names].map((name) => [name]));
  expect(table.lookedUp).toEqual(names.map((_, id) => id));
});

it.each([
  [undefined, 'none'],
  ['us', 'microseconds'],
  ['ns', 'nanoseconds'],
  ['bytes', 'bytes'],
  ['faults', 'none'],
])('weights in %s have the unit %s', (unit, expected) => {
  const facts = unit === undefined ? {} : { unit };
  expect(documentOf([batchOfOne(facts)]).profiles[0]).toMatchObject({ unit: expected, weights: [3] });
});

it('the profile name states the host, the unit and the losses of the last batch', () => {
  const facts = { unit: 'us', host: 'web1', reversed: true, losses: { lost: 3, truncated: 1 } };
  const { name, profiles } = documentOf([batchOfOne(), batchOf([], facts)]);
  expect(name).toBe('web1, us, reversed, incomplete: truncated=1 lost=3');
  expect(profiles[0]!.name).toBe(name);
});

it('without stacks, the document has no samples', () => {
  expect(documentOf([]).profiles[0]).toMatchObject({ samples: [], weights: [], endValue: 0 });
});

it('invalid batches, and batches with two weights, are rejected', () => {
  const { table, frames, bounds, weights } = batchOfOne();
  const two = new StackBatch({ table, frames, bounds, weights: [weights[0]!, weights[0]!] });
  expect(() => textOf([two])).toThrow(
    expect.objectContaining({ name: 'SpeedscopeError', code: 'TWO_WEIGHTS' }),
  );
  expect(() => textOf(['a;b 3' as never])).toThrow(expect.objectContaining({ code: 'INVALID_STACKS' }));
});

it('weights are rejected if their sum is too large for a JavaScript number', () => {
  const samples = [{ frames: ['a'], count: 1e308 }];
  expect(documentOf([batchOf(samples)]).profiles[0]!.endValue).toBe(1e308);
  expect(() => textOf([batchOf(samples), batchOf(samples)])).toThrow(
    expect.objectContaining({ name: 'SpeedscopeError', code: 'SUM_TOO_LARGE' }),
  );
});

it('the stream writes the same text as the synchronous writer, releases the batches, and leaves no file behind', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'speedscope-test-'));
  let released = 0;
  const samples = Array.from({ length: 20_000 }, (_, i) => ({ frames: [`frame ${i}`], count: i }));
  const { table, frames, bounds, weights } = batchOf(samples);
  const batch = new StackBatch({ table, frames, bounds, weights, release: () => released++ });
  const found = await text(Readable.from([batch]).pipe(createSpeedscopeWriter({ tmpdir: directory })));
  expect(found).toBe(textOf([batchOf(samples)]));
  expect(released).toBe(1);
  expect(readdirSync(directory)).toEqual([]);
  rmSync(directory, { recursive: true });
});

it('the stream fails with the same error as the synchronous writer, or names the directory if it cannot create a temporary file there', async () => {
  await expect(buffer(Readable.from([{}]).pipe(createSpeedscopeWriter()))).rejects.toMatchObject({
    code: 'INVALID_STACKS',
  });
  const samples = Array.from({ length: 20_000 }, (_, i) => ({ frames: [`frame ${i}`], count: i }));
  const stream = Readable.from([batchOf(samples)]).pipe(createSpeedscopeWriter({ tmpdir: '/nowhere' }));
  await expect(buffer(stream)).rejects.toMatchObject({
    code: 'SPILL_FAILED',
    message: expect.stringContaining('/nowhere'),
  });
});

it('the synchronous writer can be bundled for a browser, because it imports no Node module', async () => {
  expect(await bundleForBrowser(new URL('../src/writer.ts', import.meta.url))).toContain('SpeedscopeWriter');
});
