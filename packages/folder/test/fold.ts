import {
  batchOf,
  FoldedWriter,
  type PlainSample,
  type SpillFile,
  type SpillStore,
  type StackBatch,
} from '@stapflame/stacks';
import { StackFolder, type FolderOptions } from '../src/index.ts';

/** An in-memory spill store that counts open files and created files. */
export class MemoryStore implements SpillStore {
  open = 0;
  created = 0;

  create(): SpillFile {
    this.open++;
    this.created++;
    let bytes = Buffer.alloc(0);
    return {
      write: (piece) => void (bytes = Buffer.concat([bytes, piece])),
      read: (into, position) => bytes.copy(into, 0, position),
      remove: () => void this.open--,
    };
  }
}

/** Returns a folder's merged stacks as folded text. */
export function textOf(folder: StackFolder): string {
  const writer = new FoldedWriter();
  const pieces: Buffer[] = [];
  for (const batch of folder.finish())
    for (const piece of writer.write(batch)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString();
}

export function foldBatches(
  batches: Iterable<StackBatch>,
  options: FolderOptions = {},
  store: SpillStore = new MemoryStore(),
): string {
  const folder = new StackFolder(store, options);
  for (const batch of batches) folder.push(batch);
  return textOf(folder);
}

export function fold(samples: Iterable<PlainSample>, options: FolderOptions = {}): string {
  return foldBatches([batchOf(samples)], options);
}

/** The reference implementation: adds up the counts of equal stacks, and sorts frame by frame in UTF-8 byte order. */
export function reference(samples: Iterable<PlainSample>): string {
  const sums = new Map<string, number>();
  for (const { frames, count } of samples) {
    const stack = [...frames].reverse().join(';');
    sums.set(stack, (sums.get(stack) ?? 0) + count);
  }
  const byFrame = (a: string, b: string): number => {
    const framesB = b.split(';');
    for (const [i, frame] of a.split(';').entries()) {
      if (framesB[i] === undefined) return 1;
      const order = Buffer.compare(Buffer.from(frame), Buffer.from(framesB[i]));
      if (order !== 0) return order;
    }
    return -1;
  };
  return [...sums]
    .sort(([a], [b]) => byFrame(a, b))
    .map(([stack, sum]) => `${stack} ${sum}\n`)
    .join('');
}
