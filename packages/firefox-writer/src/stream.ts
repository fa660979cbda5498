import type { StackBatch } from '@stapflame/stacks';
import { createWriter, spillFiles, type StageStream } from '@stapflame/stacks/stream';
import type { FirefoxOptions } from './options.ts';
import { FirefoxWriter } from './writer.ts';

/** A Transform that reads batches of stacks and writes JSON. */
export type FirefoxWriterStream = StageStream<StackBatch, Uint8Array>;

/**
 * Creates a stage that writes a profile for the Firefox Profiler. Errors are `FirefoxError`s, or `StacksError`s if a
 * temporary file cannot be written or read.
 */
export function createFirefoxWriter({ tmpdir }: FirefoxOptions = {}): FirefoxWriterStream {
  return createWriter(new FirefoxWriter(spillFiles(tmpdir)));
}
