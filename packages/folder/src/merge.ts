import { RunReader, type Run } from './run.ts';

/** A run, and the rank of each number in it. Without `rankOf`, the numbers themselves are ranks. */
export interface RankedRun {
  readonly run: Run;
  readonly rankOf?: Uint32Array;
}

/**
 * Merges sorted runs. Returns their sequences in order, and adds up the weights of equal sequences. This is not a
 * generator, because a generator creates an object for each stack: with ten million stacks, these objects made the heap
 * grow by 16 MB.
 */
export class RunMerger {
  readonly #heap: RunReader[] = [];
  #begun = false;

  /**
   * @param columns number of weight columns; if there are two, a run that has only one column adds its weights to both
   */
  constructor(runs: readonly RankedRun[], columns: number) {
    for (const { run, rankOf } of runs) {
      const reader = new RunReader(run, rankOf, columns);
      if (!reader.next()) continue;
      this.#heap.push(reader);
      siftUp(this.#heap);
    }
  }

  /** Returns the next sequence, or `undefined` at the end. The sequence is valid until the next call. */
  next(): RunReader | undefined {
    const heap = this.#heap;
    if (this.#begun && heap.length > 0) advance(heap, 0);
    this.#begun = true;
    const least = heap[0];
    if (least === undefined) return undefined;
    // sequences equal to the smallest one are directly below it in the heap: add their weights, and advance their
    // readers
    for (let twin = equalChild(heap); twin > 0; twin = equalChild(heap)) {
      const other = heap[twin]!;
      for (let column = 0; column < other.weights.length; column++) {
        least.weights[column]! += other.weights[column]!;
      }
      advance(heap, twin);
    }
    return least;
  }
}

/** Moves the reader at `index` to its next sequence, or removes it from the heap if its run has ended. */
function advance(heap: RunReader[], index: number): void {
  if (heap[index]!.next()) siftDown(heap, index);
  else removeAt(heap, index);
}

function equalChild(heap: readonly RunReader[]): number {
  for (let child = 1; child <= 2 && child < heap.length; child++)
    if (compare(heap[0]!, heap[child]!) === 0) return child;
  return 0;
}

/** Compares two sequences number by number. A sequence comes before longer sequences that begin with it. */
function compare(a: RunReader, b: RunReader): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = a.values[i]! - b.values[i]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function removeAt(heap: RunReader[], index: number): void {
  const last = heap.pop()!;
  if (index === heap.length) return;
  heap[index] = last;
  siftDown(heap, index);
}

function siftUp(heap: RunReader[]): void {
  for (let child = heap.length - 1; child > 0;) {
    const parent = (child - 1) >> 1;
    if (compare(heap[parent]!, heap[child]!) <= 0) return;
    swap(heap, parent, child);
    child = parent;
  }
}

function siftDown(heap: RunReader[], from: number): void {
  for (let parent = from; ;) {
    let child = parent * 2 + 1;
    if (child >= heap.length) return;
    if (child + 1 < heap.length && compare(heap[child + 1]!, heap[child]!) < 0) child++;
    if (compare(heap[parent]!, heap[child]!) <= 0) return;
    swap(heap, parent, child);
    parent = child;
  }
}

function swap(heap: RunReader[], a: number, b: number): void {
  const reader = heap[a]!;
  heap[a] = heap[b]!;
  heap[b] = reader;
}
