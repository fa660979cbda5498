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

it('a real trace gives the document that the Firefox Profiler has read', () => {
  expect(textOf(parseTrace())).toBe(readFileSync(fixture('profile.json'), 'utf8'));
});

it('stacks can be read back in order, whatever their batches and tables', () => {
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

it('frames that a stack shares with the stack before are not repeated', () => {
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

it('a large profile is put aside in files, and is complete at the end', () => {
  const samples = Array.from({ length: 40_000 }, (_, i) => ({ frames: [`frame ${i}x`, 'main'], count: i }));
  const store = new MemoryStore();
  const writer = new FirefoxWriter(store);
  const pieces = copies(writer.write(batchOf(samples)));
  expect(store.open).toBeGreaterThan(5);
  pieces.push(...copies(writer.finish()));
  expect(store.open).toBe(0);
  expect(samplesOf(JSON.parse(Buffer.concat(pieces).toString()))).toEqual(samples);
});

it('a function has one frame for each line, whatever its addresses, and it has its library and category', () => {
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
])('with %j a weight is in %s, and has a length on the time line', (facts, type, weight, duration) => {
  const { samples } = documentOf([batchOfOne(facts), batchOfOne(facts)]).threads[0];
  expect(samples).toMatchObject({ weightType: type, weight: [weight, weight], timeDeltas: [0, duration] });
});

it('the metadata says where and when the profile was taken and what was lost, with the facts known at the end', () => {
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

it('no stacks give a document without samples', () => {
  const document = documentOf([]);
  expect(document.threads[0].samples.length).toBe(0);
  expect(unevenTables(document)).toEqual([]);
});

it('two weights and invalid batches are refused', () => {
  const { table, frames, bounds, weights } = batchOfOne();
  const two = new StackBatch({ table, frames, bounds, weights: [weights[0]!, weights[0]!] });
  expect(() => textOf([two])).toThrow(expect.objectContaining({ name: 'FirefoxError', code: 'TWO_WEIGHTS' }));
  expect(() => textOf(['a;b 3' as never])).toThrow(expect.objectContaining({ code: 'INVALID_STACKS' }));
});

it('the stream gives the same text as the core, releases the batches, and leaves no file', async () => {
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

it('the stream fails with the same error as the core, or names the directory if it cannot put text aside', async () => {
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

it('the core can be bundled for a browser, because it needs no Node module', async () => {
  expect(await bundleForBrowser(new URL('../src/writer.ts', import.meta.url))).toContain('FirefoxWriter');
});
