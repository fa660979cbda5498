import type { StackBatch } from '@stapflame/stacks';
import { createWriter, spillFiles, type StageStream } from '@stapflame/stacks/stream';
import type { FirefoxOptions } from './options.ts';
import { FirefoxWriter } from './writer.ts';

/** A Transform from stacks to JSON. */
export type FirefoxWriterStream = StageStream<StackBatch, Uint8Array>;

/**
 * A stage that writes a profile for the Firefox Profiler. Fails with `FirefoxError`, or with `StacksError` if temporary
 * files cannot be used.
 */
export function createFirefoxWriter({ tmpdir }: FirefoxOptions = {}): FirefoxWriterStream {
  return createWriter(new FirefoxWriter(spillFiles(tmpdir)));
}
