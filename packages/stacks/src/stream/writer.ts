import type { StackBatch } from '../batch.ts';
import { StageStream, WAITING_BATCHES, WAITING_BYTES } from './stage.ts';

/** The synchronous core of a stage that writes stacks as bytes. A chunk is valid until the next one is requested. */
export interface WriterCore {
  write(batch: StackBatch): Iterable<Uint8Array>;
  finish(): Iterable<Uint8Array>;
  /** Removes temporary files. */
  dispose?(): void;
}

/** Creates a Transform that writes stacks as bytes with a writer's core. */
export function createWriter(core: WriterCore): StageStream<StackBatch, Uint8Array> {
  let batch: StackBatch | undefined;
  return new StageStream<StackBatch, Uint8Array>(
    {
      push: (given) => (batch = given),
      take: () => copies(core.write(batch!)),
      finish: () => copies(core.finish()),
      dispose: () => core.dispose?.(),
    },
    {
      writableObjectMode: true,
      writableHighWaterMark: WAITING_BATCHES,
      readableHighWaterMark: WAITING_BYTES,
    },
  );
}

/** Copies each chunk, because a stream keeps chunks until they are read. */
function* copies(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const piece of pieces) yield piece.slice();
}
