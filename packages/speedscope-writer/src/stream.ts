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
      take: () => copies(writer.write(batch!)),
      finish: () => copies(writer.finish()),
      dispose: () => writer.dispose(),
    },
    {
      writableObjectMode: true,
      writableHighWaterMark: WAITING_BATCHES,
      readableHighWaterMark: WAITING_BYTES,
    },
  );
}

/** A stream keeps pieces until they are read. */
function* copies(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const piece of pieces) yield piece.slice();
}
