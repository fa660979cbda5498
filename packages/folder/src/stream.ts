import type { StackBatch } from '@stapflame/stacks';
import { spillFiles, StageStream, WAITING_BATCHES } from '@stapflame/stacks/stream';
import { StackFolder, type FolderSummary } from './folder.ts';
import type { FolderOptions } from './options.ts';

/** A Transform that merges stacks. All output comes at the end, only as fast as it is read. */
export class FolderStream extends StageStream<StackBatch, StackBatch> {
  readonly #folder: StackFolder;

  constructor(options: FolderOptions = {}) {
    const folder = new StackFolder(spillFiles(options.tmpdir), options);
    super(folder, { objectMode: true, highWaterMark: WAITING_BATCHES });
    this.#folder = folder;
  }

  /** A summary of what has been folded so far; complete after `end`. */
  get summary(): FolderSummary {
    return this.#folder.summary();
  }
}

/**
 * Creates a stage that merges equal stacks: batches in; batches out, sorted frame by frame. Stacks that do not fit into
 * `memory` go to temporary files. Fails with `FolderError`, or with `StacksError` if temporary files cannot be used.
 */
export function createFolder(options: FolderOptions = {}): FolderStream {
  return new FolderStream(options);
}
