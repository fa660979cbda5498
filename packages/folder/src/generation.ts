import type { SpillStore } from '@stapflame/stacks';
import type { NameDictionary } from './dictionary.ts';
import { NameListWriter, type NameList } from './name-list.ts';
import type { Runs } from './runs.ts';

/** Names that went to disk in order, and the stacks of these names. */
export interface ClosedGeneration {
  readonly list: NameList;
  /** One run at most, whose numbers are the places of the names in the list, from 1. */
  readonly runs: Runs;
}

/**
 * Closes a generation, whose dictionary is full: its names go to disk in order, and its runs become one. The dictionary
 * is empty afterwards, for the next generation.
 */
export function closeGeneration(names: NameDictionary, runs: Runs, store: SpillStore): ClosedGeneration {
  const ranking = names.ranking();
  runs.compact(ranking);
  const writer = new NameListWriter(store.create());
  for (let rank = 1; rank < names.size; rank++) {
    const name = names.name(ranking.order[rank]!);
    writer.add(name, name.length);
  }
  names.clear();
  return { list: writer.end(), runs };
}
