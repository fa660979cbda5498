import type { StackBatch } from '@stapflame/stacks';
import { spillFiles, StageStream, WAITING_BATCHES } from '@stapflame/stacks/stream';
import { StackFolder, type FolderSummary } from './folder.ts';
import type { FolderOptions } from './options.ts';

/**
 * A Transform that merges stacks. It produces no output until the input has ended, and then only as fast as the output
 * is read.
 */
export class FolderStream extends StageStream<StackBatch, StackBatch> {
  readonly #folder: StackFolder;

  constructor(options: FolderOptions = {}) {
    const folder = new StackFolder(spillFiles(options.tmpdir), options);
    super(folder, { objectMode: true, highWaterMark: WAITING_BATCHES });
    this.#folder = folder;
  }

  /** A summary of the stacks folded so far. It is complete after the `end` event. */
  get summary(): FolderSummary {
    return this.#folder.summary();
  }
}

/**
 * Creates a stage that merges equal stacks. It reads batches and writes batches of merged stacks, sorted frame by
 * frame. Stacks that do not fit into `memory` are written to temporary files. Errors are `FolderError`s, or
 * `StacksError`s if temporary files cannot be used.
 */
export function createFolder(options: FolderOptions = {}): FolderStream {
  return new FolderStream(options);
}
