import type { StackBatch } from '@stapflame/stacks';
import { StageStream, WAITING_BATCHES, WAITING_BYTES } from '@stapflame/stacks/stream';
import { PprofWriter } from './writer.ts';

/** A Transform from stacks to the bytes of a profile. */
export type PprofWriterStream = StageStream<StackBatch, Uint8Array>;

/** A stage that writes a profile, not compressed: put `createGzip` behind it. Fails with `PprofError`. */
export function createPprofWriter(): PprofWriterStream {
  const writer = new PprofWriter();
  let batch: StackBatch | undefined;
  return new StageStream<StackBatch, Uint8Array>(
    {
      push: (given) => (batch = given),
      *take() {
        for (const piece of writer.write(batch!)) yield piece.slice();
      },
      finish: () => writer.finish(),
    },
    {
      writableObjectMode: true,
      writableHighWaterMark: WAITING_BATCHES,
      readableHighWaterMark: WAITING_BYTES,
    },
  );
}
