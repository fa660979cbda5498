import type { SpillStore } from '@stapflame/stacks';
import { NameDictionary, type Ranking } from './dictionary.ts';
import { NameListWriter, type NameList } from './name-list.ts';
import { Runs } from './runs.ts';

/** A dictionary of names, and the runs on disk whose numbers are those of its names. */
export class Generation {
  readonly names: NameDictionary;
  readonly runs: Runs;

  constructor(budget: number, store: SpillStore) {
    this.names = new NameDictionary(budget);
    this.runs = new Runs(store);
  }

  /** Writes the names to disk in order, and makes one run of all: the dictionary is full and a new one begins. */
  close(store: SpillStore): ClosedGeneration {
    const ranking = this.names.ranking();
    this.runs.compact(ranking);
    const writer = new NameListWriter(store.create());
    for (let rank = 1; rank < this.names.size; rank++) {
      const name = this.names.name(ranking.order[rank]!);
      writer.add(name, name.length);
    }
    return { list: writer.end(), ranking: { rankOf: ranking.rankOf.slice(), order: NONE }, runs: this.runs };
  }
}

const NONE = new Uint32Array(0);

/** A generation whose names are on disk. */
export interface ClosedGeneration {
  readonly list: NameList;
  /** Only `rankOf`. */
  readonly ranking: Ranking;
  readonly runs: Runs;
}
