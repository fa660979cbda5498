import type { StackBatch } from '@stapflame/stacks';
import { spillFiles, StageStream, WAITING_BATCHES, WAITING_BYTES } from '@stapflame/stacks/stream';
import type { FirefoxOptions } from './options.ts';
import { FirefoxWriter } from './writer.ts';

/** A Transform from stacks to JSON. */
export type FirefoxWriterStream = StageStream<StackBatch, Uint8Array>;

/**
 * A stage that writes a profile for the Firefox Profiler. Fails with `FirefoxError`, or with `StacksError` where
 * temporary files cannot be used.
 */
export function createFirefoxWriter({ tmpdir }: FirefoxOptions = {}): FirefoxWriterStream {
  const writer = new FirefoxWriter(spillFiles(tmpdir));
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
