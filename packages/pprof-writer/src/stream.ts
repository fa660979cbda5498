import type { StackBatch } from '@stapflame/stacks';
import { createWriter, type StageStream } from '@stapflame/stacks/stream';
import { PprofWriter } from './writer.ts';

/** A Transform from stacks to the bytes of a profile. */
export type PprofWriterStream = StageStream<StackBatch, Uint8Array>;

/** A stage that writes an uncompressed profile: put `createGzip` behind it. Fails with `PprofError`. */
export function createPprofWriter(): PprofWriterStream {
  return createWriter(new PprofWriter());
}
