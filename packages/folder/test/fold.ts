import {
  batchOf,
  StackFolder,
  type FolderOptions,
  type PlainSample,
  type SpillFile,
  type SpillStore,
  type StackColumns,
} from '../src/index.ts';

/** A spill store in memory, which tells what was kept and given back. */
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

export function foldBatches(
  batches: Iterable<StackColumns>,
  options: FolderOptions = {},
  store: SpillStore = new MemoryStore(),
): string {
  const folder = new StackFolder(store, options);
  for (const batch of batches) folder.add(batch);
  return Buffer.concat([...folder.finish()]).toString();
}

export function fold(samples: Iterable<PlainSample>, options: FolderOptions = {}): string {
  return foldBatches([batchOf(samples)], options);
}

/** The rule itself: sum by stack, sort frame by frame in UTF-8 byte order. */
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
