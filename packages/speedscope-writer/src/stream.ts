import type { StackBatch } from '@stapflame/stacks';
import { createWriter, spillFiles, type StageStream } from '@stapflame/stacks/stream';
import type { SpeedscopeOptions } from './options.ts';
import { SpeedscopeWriter } from './writer.ts';

/** A Transform that reads batches of stacks and writes JSON. */
export type SpeedscopeWriterStream = StageStream<StackBatch, Uint8Array>;

/**
 * Creates a stage that writes a profile for speedscope. Errors are `SpeedscopeError`s, or `StacksError`s if a temporary
 * file cannot be written or read.
 */
export function createSpeedscopeWriter({ tmpdir }: SpeedscopeOptions = {}): SpeedscopeWriterStream {
  return createWriter(new SpeedscopeWriter(spillFiles(tmpdir)));
}
