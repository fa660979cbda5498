import { compareNames, UNKNOWN, WeightSum, type FrameTable, type StackBatch } from '@stapflame/stacks';
import type { OutputKind } from './output.ts';

/** Sums the weights of the stacks in which a frame has neither a name nor a module. */
export class UnnamedSum {
  readonly #sum = new WeightSum();
  readonly #frames = new UnnamedFrames();

  get weight(): number {
    return this.#sum.value;
  }

  /** Returns the output kind with a writer that also passes its stacks to this sum. */
  watching<Flags>(kind: OutputKind<Flags>): OutputKind<Flags> {
    const watch = (batches: AsyncIterable<StackBatch>): AsyncIterable<StackBatch> => this.#watch(batches);
    return {
      ...kind,
      async open(flags) {
        const output = await kind.open(flags);
        return { ...output, write: (batches, file) => output.write(watch(batches), file) };
      },
    };
  }

  async *#watch(batches: AsyncIterable<StackBatch>): AsyncGenerator<StackBatch> {
    for await (const batch of batches) {
      this.#add(batch);
      yield batch;
    }
  }

  #add({ table, frames, bounds, weights, length }: StackBatch): void {
    const counts = weights.at(-1)!;
    this.#frames.use(table);
    for (let i = 0; i < length; i++)
      for (let at = bounds[i]!; at < bounds[i + 1]!; at++)
        if (this.#frames.has(frames[at]!)) {
          this.#sum.add(counts[i]!);
          break;
        }
  }
}

/**
 * The frames in a table that are labelled `[unknown]`. Merged stacks may have millions of names on disk, so these are
 * not read one by one: their table is in the order of labels, and the frames are found by bisection.
 */
class UnnamedFrames {
  #table: FrameTable | undefined;
  #size = 0;
  /** In a table in order, the first such frame, and the one after the last. */
  #from = 0;
  #to = 0;
  /** In any other table, what is known of each frame. */
  #marks = new Uint8Array(0);

  /** Prepares for a batch with this table, which may be new or may have grown. */
  use(table: FrameTable): void {
    if (table === this.#table && table.size === this.#size) return;
    if (table.inOrder) {
      this.#from = bisect(table, (label) => compareNames(label, UNKNOWN) < 0);
      this.#to = bisect(table, (label) => compareNames(label, UNKNOWN) <= 0);
    } else {
      if (table !== this.#table) this.#marks.fill(0);
      if (table.size > this.#marks.length) {
        const marks = new Uint8Array(table.size * 2);
        marks.set(this.#marks);
        this.#marks = marks;
      }
    }
    this.#table = table;
    this.#size = table.size;
  }

  has(id: number): boolean {
    if (this.#table!.inOrder && id > 0) return id >= this.#from && id < this.#to;
    if (this.#table!.inOrder) return this.#table!.label(0) === UNKNOWN;
    return (this.#marks[id] ||= this.#table!.label(id) === UNKNOWN ? UNNAMED : NAMED) === UNNAMED;
  }
}

const NAMED = 1;
const UNNAMED = 2;

/** Returns the number of the first frame after frame 0 whose label is not before a boundary. */
function bisect(table: FrameTable, isBefore: (label: string) => boolean): number {
  // in some tables, number 0 is not a frame and has no label
  let [from, to] = [1, table.size];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (isBefore(table.label(middle))) from = middle + 1;
    else to = middle;
  }
  return from;
}
