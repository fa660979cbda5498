import type { SpillStore } from '@stapflame/stacks';
import type { NameDictionary } from './dictionary.ts';
import type { RankedRun } from './merge.ts';
import { mergeNameLists, NameListWriter, type NameList } from './name-list.ts';
import { readRanks } from './ranks.ts';
import type { Runs } from './runs.ts';

/** A generation on disk: its names in sorted order, and its stacks. */
export interface ClosedGeneration {
  readonly list: NameList;
  /** Contains at most one run, whose numbers are the names' positions in the list, counted from 1. */
  readonly runs: Runs;
}

/**
 * Closes a generation whose dictionary is full. Writes its names to disk in order, merges its runs into one, and
 * empties the dictionary for the next generation.
 */
export function closeGeneration(names: NameDictionary, runs: Runs, store: SpillStore): ClosedGeneration {
  const ranking = names.ranking();
  runs.compact(ranking.rankOf);
  const writer = new NameListWriter(store.create());
  for (let rank = 1; rank < names.size; rank++) {
    const name = names.name(ranking.order[rank]!);
    writer.add(name, name.length);
  }
  names.clear();
  return { list: writer.end(), runs };
}

/**
 * Merges the names of all generations into one list. Replaces the numbers in each generation's run with the names'
 * ranks in that list. Only one generation's ranks are in memory at a time, because the ranks of ten million names take
 * 40 MB.
 */
export function rankGenerations(
  generations: readonly ClosedGeneration[],
  store: SpillStore,
): { readonly list: NameList; readonly runs: RankedRun[] } {
  const list = mergeNameLists(
    generations.map((generation) => generation.list),
    store,
  );
  const rankOf = new Uint32Array(Math.max(...generations.map((generation) => generation.list.size)) + 1);
  const ranked = generations.flatMap(({ list: own, runs }) => {
    readRanks(own.file, own.bytes, own.size, rankOf);
    own.file.remove();
    runs.compact(rankOf);
    return runs.ranked();
  });
  return { list, runs: ranked };
}
