import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { StackBatch, type Frame } from '@stapflame/stacks';
import { TraceParser } from '@stapflame/stap-parser';
import { expect, it } from 'vitest';
import { bundleForBrowser } from '../../../testing/bundle.ts';
import { createPprofWriter } from '../src/index.ts';
import { batchOfFrames, write } from './profile.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

function parseTrace(file: string): StackBatch[] {
  const parser = new TraceParser({ addresses: true });
  parser.push(readFileSync(file));
  parser.endInput();
  return parser.take();
}

/** Parses the output of `go tool pprof -top`: each function's self and total. */
function rowsOf(top: string): Map<string, readonly [self: number, total: number]> {
  const rows = top.matchAll(/^ *(\d+) +[\d.]+% +[\d.]+% +(\d+) +[\d.]+%  (.*?)(?: \(inline\))?$/gm);
  return new Map([...rows].map(([, self, total, name]) => [name!, [Number(self), Number(total)]]));
}

/** Computes each function's self and total; recursion counts once. */
function sumsOf(batches: Iterable<StackBatch>): Map<string, readonly [self: number, total: number]> {
  const sums = new Map<string, [number, number]>();
  const sumOf = (label: string): [number, number] => {
    if (!sums.has(label)) sums.set(label, [0, 0]);
    return sums.get(label)!;
  };
  for (const batch of batches)
    for (const { frames, count } of batch) {
      sumOf(frames[0]!.label)[0] += count;
      for (const label of new Set(frames.map((frame) => frame.label))) sumOf(label)[1] += count;
    }
  return sums;
}

it('a real trace produces exactly the golden profile, which go tool pprof is known to read', () => {
  expect(write(parseTrace(fixture('kernel/trace.txt')))).toEqual(readFileSync(fixture('kernel/profile.pb')));
});

it("each function's self and total, as printed by go tool pprof, equal the sums over the stacks", () => {
  const rows = rowsOf(readFileSync(fixture('kernel/top.txt'), 'utf8'));
  expect(rows.size).toBeGreaterThan(30);
  expect(rows).toEqual(sumsOf(parseTrace(fixture('kernel/trace.txt'))));
});

/**
 * Stacks where `square` was inlined into `sum`, and `sum` into `loop`. With -noinlines, pprof counts `square` and
 * `sum` as `loop`.
 */
function inlinedStacks(): StackBatch {
  const main: Frame = { label: 'main', module: '/bin/a', address: '0x100', file: 'a.c', line: 30 };
  const loop: Frame = { label: 'loop', module: '/bin/a', address: '0x200', file: 'a.c', line: 20 };
  const sum: Frame = { label: 'sum', inlined: true, file: 'a.c', line: 9 };
  const square: Frame = { label: 'square', inlined: true, file: 'a.c', line: 3 };
  return batchOfFrames([
    [[square, sum, loop, main], 5],
    [[sum, loop, main], 2],
    [[main], 1],
  ]);
}

it('pprof shows inlined functions separately or, with -noinlines, as the function that they were inlined into', () => {
  expect(write([inlinedStacks()])).toEqual(readFileSync(fixture('inlined/profile.pb')));
  const told = rowsOf(readFileSync(fixture('inlined/top.txt'), 'utf8'));
  expect(told).toEqual(sumsOf([inlinedStacks()]));
  expect(rowsOf(readFileSync(fixture('inlined/top-noinlines.txt'), 'utf8'))).toEqual(
    new Map([
      ['loop', [7, 7]],
      ['main', [1, 8]],
    ]),
  );
});

it('the stream writes the same bytes as the synchronous writer, and releases the batches', async () => {
  let released = 0;
  const batches = parseTrace(fixture('kernel/trace.txt')).map(
    ({ table, frames, bounds, weights, facts }) =>
      new StackBatch({ table, frames, bounds, weights, facts, release: () => released++ }),
  );
  const bytes = await buffer(Readable.from(batches).pipe(createPprofWriter()));
  expect(bytes).toEqual(readFileSync(fixture('kernel/profile.pb')));
  expect(released).toBe(batches.length);
});

it('the stream fails with the same error as the synchronous writer', async () => {
  const stream = Readable.from([{}]).pipe(createPprofWriter());
  await expect(buffer(stream)).rejects.toMatchObject({ name: 'PprofError', code: 'INVALID_STACKS' });
});

it('the synchronous writer can be bundled for a browser, because it imports no Node module', async () => {
  expect(await bundleForBrowser(new URL('../src/writer.ts', import.meta.url))).toContain('PprofWriter');
});
