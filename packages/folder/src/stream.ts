import type { StackBatch } from '@stapflame/stacks';
import { spillFiles, StageStream, WAITING_BATCHES } from '@stapflame/stacks/stream';
import { StackFolder, type FolderSummary } from './folder.ts';
import type { FolderOptions } from './options.ts';

/** A Transform that merges stacks; all output comes at the end, as it is asked for. */
export class FolderStream extends StageStream<StackBatch, StackBatch> {
  readonly #folder: StackFolder;

  constructor(options: FolderOptions = {}) {
    const folder = new StackFolder(spillFiles(options.tmpdir), options);
    super(folder, { objectMode: true, highWaterMark: WAITING_BATCHES });
    this.#folder = folder;
  }

  /** What was folded so far; final after `end`. */
  get summary(): FolderSummary {
    return this.#folder.summary();
  }
}

/**
 * A stage that merges equal stacks: batches in, batches out, sorted frame by frame. Memory is bounded by `memory`;
 * beyond it temporary files are used. Fails with `FolderError`, or with `StacksError` where those cannot be used.
 */
export function createFolder(options: FolderOptions = {}): FolderStream {
  return new FolderStream(options);
}
