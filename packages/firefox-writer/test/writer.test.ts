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
import { createFirefoxWriter, FirefoxWriter } from '../src/index.ts';
import {
  batchOfOne,
  copies,
  documentOf,
  MemoryStore,
  nameOf,
  NotingTable,
  plain,
  samplesOf,
  textOf,
  unevenTables,
} from './document.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/kernel/${name}`, import.meta.url));

function parseTrace(): StackBatch[] {
  const parser = new TraceParser();
  parser.push(readFileSync(fixture('trace.txt')));
  parser.endInput();
  return parser.take();
}

it('a real trace produces exactly the golden profile, which is known to load in the Firefox Profiler', () => {
  expect(textOf(parseTrace())).toBe(readFileSync(fixture('profile.json'), 'utf8'));
});

it('stacks are read back in order, however they are divided into batches', () => {
  const someName = fc.oneof(fc.constantFrom('main', 'f', '"', '\\', '\u2028'), fc.string({ unit: 'binary' }));
  const someSample = fc.record({
    frames: fc.array(someName, { minLength: 1, maxLength: 40 }),
    count: fc.double({ min: 0, max: 2 ** 53, noNaN: true }).map((count) => count + 0),
  });
  fc.assert(
    fc.property(fc.array(fc.array(someSample)), (given) => {
      const batches = given.map((samples) => batchOf(samples));
      const document = documentOf(batches);
      expect(samplesOf(document)).toEqual(plain(batches));
      expect(unevenTables(document)).toEqual([]);
    }),
  );
});

it('frames that a stack shares with the previous stack are not repeated', () => {
  const samples = [['b', 'a', 'main'], ['c', 'a', 'main'], ['main'], ['a', 'main']].map((frames) => ({
    frames,
    count: 1,
  }));
  const document = documentOf([batchOf(samples)]);
  const { prefixOffset, frame } = document.shared.stackTable;
  expect(frame.map((each) => nameOf(document, each))).toEqual(['main', 'a', 'b', 'c', 'a']);
  expect(prefixOffset).toEqual([0, 1, 1, 2, 4]);
  expect(document.threads[0].samples.stack).toEqual([2, 3, 0, 4]);
});

it('stacks that are deeper than all before share frames with the previous stack', () => {
  const names = Array.from({ length: 500 }, (_, i) => `f${i}`);
  const samples = [['main'], [...names.slice(400), 'main'], [...names, 'main'], ['g', ...names, 'main']].map(
    (frames) => ({ frames, count: 1 }),
  );
  const document = documentOf([batchOf(samples)]);
  expect(samplesOf(document)).toEqual(samples);
  expect(document.shared.stackTable.length).toBe(names.length + 2);
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

it('a large profile is buffered in temporary files, and the document is complete', () => {
  const samples = Array.from({ length: 40_000 }, (_, i) => ({ frames: [`frame ${i}x`, 'main'], count: i }));
  const store = new MemoryStore();
  const writer = new FirefoxWriter(store);
  const pieces = copies(writer.write(batchOf(samples)));
  expect(store.open).toBeGreaterThan(5);
  pieces.push(...copies(writer.finish()));
  expect(store.open).toBe(0);
  expect(samplesOf(JSON.parse(Buffer.concat(pieces).toString()))).toEqual(samples);
});

it('a function has one frame per source line, whatever its addresses, and each frame has its library and category', () => {
  const frames: readonly Frame[] = [
    { label: 'f', address: '0x1', module: '/bin/a', buildId: 'ab12', kernel: false, line: 3 },
    { label: 'f', address: '0x2', module: '/bin/a', buildId: 'ab12', kernel: false, line: 3 },
    { label: 'f', module: '/bin/a', buildId: 'ab12', kernel: false, line: 4, inlined: true },
    { label: 'k', module: 'kernel', kernel: true },
    { label: 'j', jit: true, kernel: false },
    { label: 'x' },
  ];
  const table = new FrameList();
  const ids = frames.map((frame) => table.add(frame)).toReversed();
  const batch = new StackBatch({
    table,
    frames: Uint32Array.from(ids),
    bounds: Uint32Array.of(0, ids.length),
    weights: [Float64Array.of(1)],
  });
  const { shared, libs, meta } = documentOf([batch]);
  const { frameTable, funcTable, resourceTable, stringArray, stackTable } = shared;
  expect(stackTable.frame).toEqual([0, 0, 1, 2, 3, 4]);
  expect(frameTable.line).toEqual([3, 4, null, null, null]);
  expect(frameTable.inlineDepth).toEqual([0, 1, 0, 0, 0]);
  expect(frameTable.lib).toEqual([0, 0, 1, -1, -1]);
  const categories = meta['categories'] as readonly { readonly name: string }[];
  expect(frameTable.category.map((each) => categories[each]!.name)).toEqual([
    'User',
    'User',
    'Kernel',
    'JIT',
    'Other',
  ]);
  expect(funcTable.name.map((name) => stringArray[name])).toEqual(['f', 'k', 'j', 'x']);
  expect(resourceTable.name.map((name) => stringArray[name])).toEqual(['a', 'kernel']);
  expect(libs.map(({ path, codeId }) => [path, codeId])).toEqual([
    ['/bin/a', 'ab12'],
    ['kernel', null],
  ]);
});

it.each([
  [{}, 'samples', 3, 3],
  [{ period: 10_000_000 }, 'samples', 3, 30],
  [{ unit: 'us' }, 'tracing-ms', 0.003, 0.003],
  [{ unit: 'ns' }, 'tracing-ms', 0.000003, 0.000003],
  [{ unit: 's' }, 'tracing-ms', 3000, 3000],
  [{ unit: 'bytes' }, 'bytes', 3, 3],
  [{ unit: 'faults' }, 'samples', 3, 3],
])(
  'with the facts %j, weights are written as %s, and samples have the matching duration',
  (facts, type, weight, duration) => {
    const { samples } = documentOf([batchOfOne(facts), batchOfOne(facts)]).threads[0];
    expect(samples).toMatchObject({ weightType: type, weight: [weight, weight], timeDeltas: [0, duration] });
  },
);

it('the metadata comes from the last batch: it says where and when the profile was recorded and what was lost', () => {
  const facts = {
    host: 'web1',
    kernel: '6.1.0-53',
    start: 5,
    duration: 7,
    losses: { lost: 3, truncated: 1 },
  };
  const { meta, threads } = documentOf([batchOfOne(), batchOf([], facts)]);
  expect(meta).toMatchObject({
    preprocessedProfileVersion: 70,
    product: 'stapflame (incomplete)',
    startTime: 5,
    profilingEndTime: 7,
    oscpu: 'Linux 6.1.0-53',
  });
  expect(meta.extra[0]!.entries.map(({ label, value }) => `${label}: ${value}`)).toEqual([
    'counted in: samples',
    'host: web1',
    'truncated: 1',
    'lost: 3',
  ]);
  expect(threads[0].name).toBe('web1');
});

it('a host with a very long name keeps its whole name', () => {
  const host = 'wéb"1'.repeat(20_000);
  const { meta, threads } = documentOf([batchOfOne({ host })]);
  expect(threads[0].name).toBe(host);
  expect(meta.extra[0]!.entries[1]).toMatchObject({ label: 'host', value: host });
});

it('without stacks, the document has no samples', () => {
  const document = documentOf([]);
  expect(document.threads[0].samples.length).toBe(0);
  expect(unevenTables(document)).toEqual([]);
});

it('batches with two weights and invalid batches are rejected', () => {
  const { table, frames, bounds, weights } = batchOfOne();
  const two = new StackBatch({ table, frames, bounds, weights: [weights[0]!, weights[0]!] });
  expect(() => textOf([two])).toThrow(expect.objectContaining({ name: 'FirefoxError', code: 'TWO_WEIGHTS' }));
  expect(() => textOf(['a;b 3' as never])).toThrow(expect.objectContaining({ code: 'INVALID_STACKS' }));
});

it.each([
  [{ unit: 's' }, 1e305],
  [{ period: 1e12 }, 1e302],
  [{}, 1e308],
])(
  'with the facts %j, weights are rejected if their sum or their total time exceeds the largest number',
  (facts, count) => {
    const one = batchOfOne(facts, count);
    expect(documentOf([one, batchOfOne(facts)]).threads[0].samples.timeDeltas).toEqual([0, 1e308]);
    expect(() => textOf([one, one])).toThrow(
      expect.objectContaining({ name: 'FirefoxError', code: 'SUM_TOO_LARGE' }),
    );
  },
);

it('a weight is rejected if it is too large in milliseconds', () => {
  expect(() => textOf([batchOfOne({ unit: 's' }, 1e308)])).toThrow(
    expect.objectContaining({ code: 'SUM_TOO_LARGE' }),
  );
});

it('the stream writes the same text as the synchronous writer, releases the batches, and leaves no file behind', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'firefox-test-'));
  let released = 0;
  const samples = Array.from({ length: 20_000 }, (_, i) => ({ frames: [`frame ${i}`], count: i }));
  const { table, frames, bounds, weights } = batchOf(samples);
  const batch = new StackBatch({ table, frames, bounds, weights, release: () => released++ });
  const found = await text(Readable.from([batch]).pipe(createFirefoxWriter({ tmpdir: directory })));
  expect(found).toBe(textOf([batchOf(samples)]));
  expect(released).toBe(1);
  expect(readdirSync(directory)).toEqual([]);
  rmSync(directory, { recursive: true });
});

it('the stream fails with the same error as the synchronous writer, or names the directory if it cannot create a temporary file there', async () => {
  await expect(buffer(Readable.from([{}]).pipe(createFirefoxWriter()))).rejects.toMatchObject({
    code: 'INVALID_STACKS',
  });
  const samples = Array.from({ length: 20_000 }, (_, i) => ({ frames: [`frame ${i}`], count: i }));
  const stream = Readable.from([batchOf(samples)]).pipe(createFirefoxWriter({ tmpdir: '/nowhere' }));
  await expect(buffer(stream)).rejects.toMatchObject({
    code: 'SPILL_FAILED',
    message: expect.stringContaining('/nowhere'),
  });
});

it('the synchronous writer can be bundled for a browser, because it imports no Node module', async () => {
  expect(await bundleForBrowser(new URL('../src/writer.ts', import.meta.url))).toContain('FirefoxWriter');
});
