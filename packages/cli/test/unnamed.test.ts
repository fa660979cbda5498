import { createFolder } from '@stapflame/folder';
import { FrameList, StackBuilder, UNKNOWN, type StackBatch } from '@stapflame/stacks';
import { expect, it } from 'vitest';
import { UnnamedSum } from '../src/outputs/unnamed.ts';
import type { OutputKind } from '../src/outputs/output.ts';

/** A discarded output. */
const NOWHERE = {
  open: async () => ({
    async write(batches: AsyncIterable<StackBatch>) {
      for await (const batch of batches) batch.release();
    },
  }),
} as unknown as OutputKind<object>;

async function unnamedIn(batches: AsyncIterable<StackBatch>): Promise<number> {
  const sum = new UnnamedSum();
  const output = await sum.watching(NOWHERE).open({});
  await output.write(batches, undefined as never);
  return sum.weight;
}

/** Yields stacks with a new name each, and `[unknown]` in every third one. */
async function* stacks(count: number): AsyncGenerator<StackBatch> {
  const table = new FrameList();
  const unknown = table.add({ label: UNKNOWN });
  const builder = new StackBuilder();
  for (let i = 0; i < count; i++) {
    const frames = [
      table.add({ label: `${i % 2 === 0 ? '~' : 'A'}name ${i}x` }),
      ...(i % 3 === 0 ? [unknown] : []),
    ];
    builder.add(Uint32Array.from(frames), 0, frames.length, 1, 1, 0xffffff);
    if (builder.stackCount === 5000) yield builder.take(table, {});
  }
  yield builder.take(table, {});
}

it('the weight without names is the same for stacks as they come, merged in memory, and merged with names on disk', async () => {
  const count = 60_000;
  expect(await unnamedIn(stacks(count))).toBe(count / 3);
  for (const memory of [1 << 20, 64 << 20]) {
    const folder = createFolder({ memory });
    const given = (async () => {
      for await (const batch of stacks(count))
        if (!folder.write(batch)) await new Promise((go) => folder.once('drain', go));
      folder.end();
    })();
    expect(await unnamedIn(folder)).toBe(count / 3);
    await given;
  }
});
