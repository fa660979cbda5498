import { LONG_ROWS, type Row } from '../bench/run/rows.ts';
import { runRow, tasksOf } from '../bench/run/tasks.ts';
import { endless } from './endless.ts';
import type { Load, Outcome, Setting } from './load.ts';
import { significance } from './significance.ts';
import { slowReader } from './slow-reader.ts';

/** All loads, the benchmark's first. */
export const LOADS: readonly Load[] = [
  ...LONG_ROWS.map(loadOf),
  { name: 'endless', title: 'a stream without end into `fold`, ended after 150 s by SIGINT', run: endless },
  { name: 'significance', title: 'comparisons of 6,000 drawn pairs of profiles', run: significance },
  { name: 'slow-reader', title: '`parse` into a reader of 1 MiB/s', run: slowReader },
];

/** Turns the last entry of a benchmark row into a load. */
function loadOf(row: Row): Load {
  return {
    name: row.name,
    title: row.title,
    run: async ({ dir, seed, stapflame }: Setting): Promise<Outcome> => {
      const sizes = { size: 0, big: 0 };
      const ours = { name: 'ours', words: [...stapflame, 'fold'], output: 'folded' } as const;
      const results = await runRow(tasksOf(row, sizes, ours, []), { dir, seed, runs: 1 });
      const last = row.entries(sizes).at(-1)!;
      return {
        measurement: results.at(-1)!.runs[0]!,
        answer: last.exitCode === 75 ? '75; what is too long is counted, the rest folded' : '0; nothing lost',
        faults: results.flatMap(({ faults }) => faults),
      };
    },
  };
}
