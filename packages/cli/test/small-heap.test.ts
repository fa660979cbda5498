import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { FrameList, StackBuilder, type FrameTable, type StackBatch } from '@stapflame/stacks';
import { isGarbage } from '../../../testing/garbage.ts';
import { treat } from '../src/convert.ts';
import { freeMemory, keepHeapSmall } from '../src/io/small-heap.ts';

it('frees unused memory only if the input is large', async () => {
  const unused = new WeakRef(new Uint8Array(1 << 20));
  await setImmediate();
  freeMemory();
  expect(unused.deref()).toBeDefined();
  await setImmediate();
  keepHeapSmall(1 << 20);
  freeMemory();
  expect(unused.deref()).toBeUndefined();
});

it.each([true, false])(
  'nothing refers to the frames that were read when the last stacks are written (merged: %s)',
  async (merges) => {
    let table: WeakRef<FrameTable> | undefined;

    async function* batches(): AsyncGenerator<StackBatch> {
      const frames = new FrameList();
      frames.add({ label: 'main' });
      frames.add({ label: '_ZN3foo3barEv' });
      const builder = new StackBuilder();
      builder.add(Uint32Array.of(1, 0), 0, 2, 1, 1);
      table = new WeakRef(frames);
      yield builder.take(frames);
    }
    let labels = '';
    await treat(batches(), [], { merges }, {}, async (stacks) => {
      for await (const batch of stacks) {
        for (const { frames } of batch) labels += frames.map(({ label }) => label).join();
        batch.release();
      }
      expect(await isGarbage(table!)).toBe(true);
    });
    expect(labels).toBe('foo::bar(),main');
  },
);
