import { readdirSync, rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { turns } from '../../../testing/until.ts';
import { batchOf, createFolder, type StackColumns } from '../src/index.ts';
import { MIN_MEMORY } from '../src/options.ts';

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'folder-test-'))));
afterEach(() => rmSync(directory, { recursive: true }));

/** Far more distinct stacks than the smallest budget holds. */
function batches(count: number): StackColumns[] {
  return Array.from({ length: count }, (_, b) =>
    batchOf(
      Array.from({ length: 2000 }, (_, i) => ({
        frames: [`f${i}`, `g${b}`, ...Array.from({ length: 20 }, (_, d) => `d${d}`)],
        count: 1,
      })),
    ),
  );
}

it('spills into its own directory and leaves nothing there', async () => {
  const folder = createFolder({ memory: MIN_MEMORY, tmpdir: directory });
  let lines = 0;
  await pipeline(Readable.from(batches(20)), folder, async (output) => {
    for await (const chunk of output) lines += String(chunk).split('\n').length - 1;
  });
  expect(lines).toBe(40_000);
  expect(folder.summary).toMatchObject({ distinct: 40_000, stacks: 40_000 });
  expect(folder.summary.spilledRuns).toBeGreaterThan(1);
  expect(readdirSync(directory)).toEqual([]);
});

it('names the directory where it cannot spill', async () => {
  const folder = createFolder({ memory: MIN_MEMORY, tmpdir: join(directory, 'missing') });
  const work = pipeline(Readable.from(batches(20)), folder, async (output) => {
    for await (const chunk of output) expect(chunk).toBeUndefined();
  });
  await expect(work).rejects.toMatchObject({
    code: 'SPILL_FAILED',
    message: expect.stringContaining(join(directory, 'missing')),
  });
});

it('asks for no more output than is read', async () => {
  const folder = createFolder();
  await pipeline(Readable.from(batches(20)), folder, async (output) => {
    const reader = output[Symbol.asyncIterator]();
    await reader.next();
    await turns(100);
    expect(folder.readableLength).toBeLessThan(1 << 18);
    for (let next = await reader.next(); !next.done; next = await reader.next());
  });
});

it('gives back its files when the pipeline is broken off', async () => {
  const folder = createFolder({ memory: MIN_MEMORY, tmpdir: directory });
  const work = pipeline(Readable.from(batches(20)), folder, async (output) => {
    for await (const chunk of output) throw new Error(`enough after ${String(chunk).length > 0}`);
  });
  await expect(work).rejects.toThrow();
  expect(readdirSync(directory)).toEqual([]);
});
