import { readdirSync, rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { batchOf, type StackBatch } from '@stapflame/stacks';
import { WAITING_BATCHES } from '@stapflame/stacks/stream';
import { createFolder } from '../src/index.ts';
import { MIN_MEMORY } from '../src/options.ts';

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'folder-test-'))));
afterEach(() => rmSync(directory, { recursive: true }));

/** Returns batches of distinct stacks. Twenty batches hold far more stacks than fit into the minimum memory budget. */
function batches(count: number): StackBatch[] {
  return Array.from({ length: count }, (_, b) =>
    batchOf(
      Array.from({ length: 2000 }, (_, i) => ({
        frames: [`f${i}`, `g${b}`, ...Array.from({ length: 20 }, (_, d) => `d${d}`)],
        count: 1,
      })),
    ),
  );
}

it('spills into the given directory, and leaves no files behind', async () => {
  const folder = createFolder({ memory: MIN_MEMORY, tmpdir: directory });
  let stacks = 0;
  await pipeline(Readable.from(batches(20)), folder, async (output: AsyncIterable<StackBatch>) => {
    for await (const batch of output) stacks += batch.length;
  });
  expect(stacks).toBe(40_000);
  expect(folder.summary).toMatchObject({ distinct: 40_000, stacks: 40_000 });
  expect(folder.summary.spilledRuns).toBeGreaterThan(1);
  expect(readdirSync(directory)).toEqual([]);
});

it('names the directory in the error if it cannot spill there', async () => {
  const folder = createFolder({ memory: MIN_MEMORY, tmpdir: join(directory, 'missing') });
  const work = pipeline(Readable.from(batches(20)), folder, async (output) => {
    for await (const chunk of output) expect(chunk).toBeUndefined();
  });
  await expect(work).rejects.toMatchObject({
    code: 'SPILL_FAILED',
    message: expect.stringContaining(join(directory, 'missing')),
  });
});

it('buffers only a few output batches if the reader is slow', async () => {
  const folder = createFolder();
  await pipeline(Readable.from(batches(20)), folder, async (output) => {
    let most = 0;
    for await (const batch of output as AsyncIterable<StackBatch>) {
      // give the stage a chance to produce more output
      await setImmediate();
      most = Math.max(most, folder.readableLength);
      expect(batch.length).toBeGreaterThanOrEqual(0);
    }
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(WAITING_BATCHES);
  });
});

it('closes its files when the pipeline is aborted', async () => {
  const folder = createFolder({ memory: MIN_MEMORY, tmpdir: directory });
  const work = pipeline(Readable.from(batches(20)), folder, async (output) => {
    for await (const batch of output as AsyncIterable<StackBatch>)
      throw new Error(`enough after ${batch.length}`);
  });
  await expect(work).rejects.toThrow();
  expect(readdirSync(directory)).toEqual([]);
});
