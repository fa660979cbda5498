import { UNKNOWN, WeightSum, type FrameTable, type StackBatch } from '@stapflame/stacks';
import type { OutputKind } from './output.ts';

/** Sums the weights of the stacks in which a frame has neither a name nor a module. */
export class UnnamedSum {
  readonly #sum = new WeightSum();
  #table: FrameTable | undefined;
  #isUnnamed: boolean[] = [];

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
    if (table !== this.#table) {
      this.#table = table;
      this.#isUnnamed = [];
    }
    const counts = weights.at(-1)!;
    for (let i = 0; i < length; i++)
      for (let at = bounds[i]!; at < bounds[i + 1]!; at++)
        if ((this.#isUnnamed[frames[at]!] ??= table.label(frames[at]!) === UNKNOWN)) {
          this.#sum.add(counts[i]!);
          break;
        }
  }
}
