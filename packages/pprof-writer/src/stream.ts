import type { StackBatch } from '@stapflame/stacks';
import { createWriter, type StageStream } from '@stapflame/stacks/stream';
import { PprofWriter } from './writer.ts';

/** A Transform that reads batches of stacks and writes a profile's bytes. */
export type PprofWriterStream = StageStream<StackBatch, Uint8Array>;

/**
 * Creates a stage that writes an uncompressed profile; pipe its output through `createGzip` to compress it. Errors are
 * `PprofError`s.
 */
export function createPprofWriter(): PprofWriterStream {
  return createWriter(new PprofWriter());
}
