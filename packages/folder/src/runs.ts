import type { SpillStore } from '@stapflame/stacks';
import type { Ranking } from './dictionary.ts';
import { RunMerger, type RankedRun } from './merge.ts';
import { RunWriter, type Run } from './run.ts';

/**
 * Number of runs to merge at a time. Each run needs a 16 KiB buffer and an open file. With 16 instead of 256, nearly
 * all of ten million distinct stacks were written to disk twice, and folding took 2.5 s longer (of 24 s).
 */
const FAN_IN = 256;

/**
 * A generation's sorted runs. As soon as a level has as many runs as can be merged at a time, these are merged into one
 * run on the next level. This keeps the number of open files small, however long the input is.
 */
export class Runs {
  readonly #store: SpillStore;
  readonly #fanIn: number;
  /** The runs on each level. A run on level n has been merged n times. */
  readonly #levels: Run[][] = [];

  constructor(store: SpillStore, fanIn: number = FAN_IN) {
    this.#store = store;
    this.#fanIn = fanIn;
  }

  get empty(): boolean {
    return this.#levels.every((level) => level.length === 0);
  }

  /** Writes a run. `fill` must add sequences of ranks to the writer, in order. */
  write(columns: number, whole: boolean, ranking: Ranking, fill: (writer: RunWriter) => void): void {
    // write the names' numbers, not their ranks, because ranks change when names are added
    this.#add(this.#create(columns, whole, ranking.order, fill), 0, ranking);
  }

  #create(
    columns: number,
    whole: boolean,
    idOf: Uint32Array | undefined,
    fill: (writer: RunWriter) => void,
  ): Run {
    const run = { file: this.#store.create(), columns, whole };
    const writer = new RunWriter(run, idOf);
    fill(writer);
    writer.end();
    return run;
  }

  #add(run: Run, level: number, ranking: Ranking): void {
    const runs = (this.#levels[level] ??= []);
    runs.push(run);
    if (runs.length < this.#fanIn) return;
    this.#add(this.#mergeInto(runs.splice(0), ranking.rankOf, ranking.order), level + 1, ranking);
  }

  /** Merges several runs into one. `idOf` contains the number to write for each rank; without it, ranks are written. */
  #mergeInto(runs: readonly Run[], rankOf: Uint32Array, idOf?: Uint32Array): Run {
    const columns = Math.max(...runs.map((each) => each.columns));
    const whole = runs.every((each) => each.whole);
    const merged = this.#create(columns, whole, idOf, (writer) => {
      const merger = new RunMerger(rankedBy(runs, rankOf), columns);
      for (let stack = merger.next(); stack; stack = merger.next())
        writer.add(stack.values, 0, stack.length, stack.weights);
    });
    for (const each of runs) each.file.remove();
    return merged;
  }

  /** Merges all runs into one that contains ranks instead of numbers. No names may be added afterwards. */
  compact(rankOf: Uint32Array): void {
    const runs = this.#levels.splice(0).flat();
    if (runs.length > 0) this.#levels[0] = [this.#mergeInto(runs, rankOf)];
  }

  /**
   * All runs, together with the rank of each number in them. Without `rankOf`, the runs themselves must contain ranks.
   */
  ranked(rankOf?: Uint32Array): RankedRun[] {
    return rankedBy(this.#levels.flat(), rankOf);
  }

  remove(): void {
    for (const run of this.#levels.splice(0).flat()) run.file.remove();
  }
}

function rankedBy(runs: readonly Run[], rankOf: Uint32Array | undefined): RankedRun[] {
  return runs.map((run) => (rankOf === undefined ? { run } : { run, rankOf }));
}
