import { RunMerger } from './merge.ts';
import type { Ranking } from './names.ts';
import { RunWriter, type Run } from './run.ts';
import type { SpillStore } from './spill.ts';

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

  /** Writes a run of name ranks, or of bytes where there is no ranking; `fill` adds its sequences in order. */
  write(
    columns: number,
    whole: boolean,
    ranking: Ranking | undefined,
    fill: (writer: RunWriter) => void,
  ): void {
    this.#add(this.#create(columns, whole, ranking, fill), 0, ranking);
  }

  #create(
    columns: number,
    whole: boolean,
    ranking: Ranking | undefined,
    fill: (writer: RunWriter) => void,
  ): Run {
    const run = { file: this.#store.create(), columns, whole };
    // ranks change as names are added, ids do not
    const writer = new RunWriter(run, ranking?.order);
    fill(writer);
    writer.end();
    this.#written++;
    return run;
  }

  #add(run: Run, level: number, ranking: Ranking | undefined): void {
    const runs = (this.#levels[level] ??= []);
    runs.push(run);
    if (runs.length < this.#fanIn) return;
    const columns = Math.max(...runs.map((each) => each.columns));
    const whole = runs.every((each) => each.whole);
    const merged = this.#create(columns, whole, ranking, (writer) => {
      const merger = new RunMerger(runs, ranking?.rankOf, columns);
      for (let stack = merger.next(); stack; stack = merger.next())
        writer.add(stack.values, 0, stack.length, stack.weights);
    });
    for (const each of runs.splice(0)) each.file.remove();
    this.#add(merged, level + 1, ranking);
  }

  /** All runs merged, in order. */
  merged(rankOf: Uint32Array | undefined, columns: number): RunMerger {
    return new RunMerger(this.#levels.flat(), rankOf, columns);
  }

  remove(): void {
    for (const run of this.#levels.splice(0).flat()) run.file.remove();
  }
}
