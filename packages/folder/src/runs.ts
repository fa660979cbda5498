import { mergeRuns } from './merge.ts';
import type { Ranking } from './names.ts';
import { RunWriter, type Run } from './run.ts';
import { sortStacks } from './sort.ts';
import type { SpillStore } from './spill.ts';
import type { StackTable } from './stack-table.ts';

/**
 * Runs merged at once: each takes a buffer of 16 KiB and an open file. With sixteen, 10 million distinct stacks
 * went to disk nearly twice and took 2.5 s more of 24.
 */
const FAN_IN = 256;

/**
 * Sorted runs of one kind of number. A run that is the last to be merged at once is merged with the others of
 * its size into one, so that there are never more, however long the input.
 */
export class Runs {
  readonly #store: SpillStore;
  readonly #fanIn: number;
  /** Runs by how often their stacks were merged. */
  readonly #levels: Run[][] = [];
  #written = 0;

  constructor(store: SpillStore, fanIn: number = FAN_IN) {
    this.#store = store;
    this.#fanIn = fanIn;
  }

  /** How many runs were written to disk. */
  get written(): number {
    return this.#written;
  }

  get empty(): boolean {
    return this.#levels.every((level) => level.length === 0);
  }

  /** Writes a run; `fill` adds its sequences in order. */
  write(
    columns: number,
    whole: boolean,
    rankOf: Uint32Array | undefined,
    fill: (writer: RunWriter) => void,
  ): void {
    this.#add(this.#create(columns, whole, fill), 0, rankOf);
  }

  #create(columns: number, whole: boolean, fill: (writer: RunWriter) => void): Run {
    const run = { file: this.#store.create(), columns, whole };
    const writer = new RunWriter(run);
    fill(writer);
    writer.end();
    this.#written++;
    return run;
  }

  #add(run: Run, level: number, rankOf: Uint32Array | undefined): void {
    const runs = (this.#levels[level] ??= []);
    runs.push(run);
    if (runs.length < this.#fanIn) return;
    const idOf = rankOf && invert(rankOf);
    const columns = Math.max(...runs.map((each) => each.columns));
    const merged = this.#create(
      columns,
      runs.every((each) => each.whole),
      (writer) => {
        let ids = new Uint32Array(64);
        for (const stack of mergeRuns(runs, rankOf, columns)) {
          if (ids.length < stack.length) ids = new Uint32Array(stack.length * 2);
          for (let i = 0; i < stack.length; i++) ids[i] = idOf ? idOf[stack.values[i]!]! : stack.values[i]!;
          writer.add(ids, 0, stack.length, stack.weights);
        }
      },
    );
    for (const each of runs.splice(0)) each.file.remove();
    this.#add(merged, level + 1, rankOf);
  }

  /** All runs merged, in order; what is yielded is void once the next is asked for. */
  merged(rankOf: Uint32Array | undefined, columns: number): ReturnType<typeof mergeRuns> {
    return mergeRuns(this.#levels.flat(), rankOf, columns);
  }

  remove(): void {
    for (const run of this.#levels.splice(0).flat()) run.file.remove();
  }
}

function invert(rankOf: Uint32Array): Uint32Array {
  const idOf = new Uint32Array(rankOf.length);
  for (let id = 0; id < rankOf.length; id++) idOf[rankOf[id]!] = id;
  return idOf;
}

/** The stacks of a table in name order. The table's frames are turned into ranks in place. */
export function sortTable(table: StackTable, { rankOf }: Ranking): Uint32Array {
  const { frames, starts } = table;
  for (let i = 0, end = starts[table.size]!; i < end; i++) frames[i] = rankOf[frames[i]!]!;
  const order = Uint32Array.from({ length: table.size }, (_, stack) => stack);
  sortStacks(order, frames, starts, rankOf.length);
  return order;
}
