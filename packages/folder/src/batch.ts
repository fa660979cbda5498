import { FolderError } from './errors.ts';

/**
 * Stacks in columns, as the folder reads them. The parser's batches have this shape; {@link batchOf} makes
 * one of plain samples.
 *
 *     frames   [ 4 7 1 | 9 7 1 | 2 ]      ids in `table.labels`, leaf first
 *     bounds   [ 0       3       6   7 ]  stack i is frames[bounds[i]] … frames[bounds[i + 1] − 1]
 *     weights  [ 12      1       5 ]      one column; two where the input is differential
 *
 * A label holds no `;` and no control character. Ids of one table never change their label.
 */
export interface StackColumns {
  readonly table: { readonly labels: readonly string[] };
  readonly frames: Uint32Array;
  readonly bounds: Uint32Array;
  readonly weights: readonly Float64Array[];
  /** A comment line of folded text that goes with them, such as `# stapflame incomplete lost=3`. */
  readonly comment?: string | undefined;
  /** Called by the folder when it is done with the batch, so that its maker can use the arrays again. */
  release?(): void;
}

/** A stack by its labels, leaf first, with its weight. */
export interface PlainSample {
  readonly frames: readonly string[];
  readonly count: number;
}

/** Throws `INVALID_BATCH` where the columns do not fit together. */
export function checkColumns(batch: StackColumns): void {
  const stacks = batch.bounds.length - 1;
  const fits =
    stacks >= 0 &&
    batch.weights.length >= 1 &&
    batch.weights.length <= 2 &&
    batch.bounds[stacks]! <= batch.frames.length;
  if (fits && batch.weights.every((column) => column.length === stacks)) return;
  throw new FolderError(
    'INVALID_BATCH',
    `expected a batch with one or two columns of ${stacks} weights and bounds up to ${batch.frames.length} frames, ` +
      `got columns of ${batch.weights.map((column) => column.length).join(' and ')} and bounds up to ${batch.bounds[stacks]}`,
  );
}

/**
 * End of the frames of a stack that count, leaf first: behind the outermost frame with the base's label; `from` where
 * there is none.
 */
export function rootEnd(
  { frames, table: { labels } }: StackColumns,
  from: number,
  to: number,
  base: string | undefined,
): number {
  if (base === undefined) return to;
  let end = to;
  while (end > from && labels[frames[end - 1]!] !== base) end--;
  return end;
}

/** Makes a batch of plain samples. Labels are taken as they are: without `;` and control characters. */
export function batchOf(samples: Iterable<PlainSample>): StackColumns {
  const ids = new Map<string, number>();
  const frames: number[] = [];
  const bounds: number[] = [0];
  const weights: number[] = [];
  for (const sample of samples) {
    for (const label of sample.frames) {
      const id = ids.get(label) ?? ids.size;
      if (id === ids.size) ids.set(label, id);
      frames.push(id);
    }
    bounds.push(frames.length);
    weights.push(sample.count);
  }
  return {
    table: { labels: [...ids.keys()] },
    frames: Uint32Array.from(frames),
    bounds: Uint32Array.from(bounds),
    weights: [Float64Array.from(weights)],
  };
}
