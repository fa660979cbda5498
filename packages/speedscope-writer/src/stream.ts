import type { StackBatch } from '@stapflame/stacks';
import { spillFiles, StageStream, WAITING_BATCHES, WAITING_BYTES } from '@stapflame/stacks/stream';
import type { SpeedscopeOptions } from './options.ts';
import { SpeedscopeWriter } from './writer.ts';

/** A Transform from stacks to JSON. */
export type SpeedscopeWriterStream = StageStream<StackBatch, Uint8Array>;

/**
 * A stage that writes a profile for speedscope. Fails with `SpeedscopeError`, or with `StacksError` where temporary
 * files cannot be used.
 */
export function createSpeedscopeWriter({ tmpdir }: SpeedscopeOptions = {}): SpeedscopeWriterStream {
  const writer = new SpeedscopeWriter(spillFiles(tmpdir));
  let batch: StackBatch | undefined;
  return new StageStream<StackBatch, Uint8Array>(
    {
      push: (given) => (batch = given),
      take: () => writer.write(batch!),
      finish: () => writer.finish(),
      dispose: () => writer.dispose(),
    },
    {
      writableObjectMode: true,
      writableHighWaterMark: WAITING_BATCHES,
      readableHighWaterMark: WAITING_BYTES,
    },
  );
}
