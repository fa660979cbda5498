import type { StackBatch } from '@stapflame/stacks';
import { createWriter, spillFiles, type StageStream } from '@stapflame/stacks/stream';
import type { SpeedscopeOptions } from './options.ts';
import { SpeedscopeWriter } from './writer.ts';

/** A Transform from stacks to JSON. */
export type SpeedscopeWriterStream = StageStream<StackBatch, Uint8Array>;

/**
 * A stage that writes a profile for speedscope. Fails with `SpeedscopeError`, or with `StacksError` if temporary files
 * cannot be used.
 */
export function createSpeedscopeWriter({ tmpdir }: SpeedscopeOptions = {}): SpeedscopeWriterStream {
  return createWriter(new SpeedscopeWriter(spillFiles(tmpdir)));
}
