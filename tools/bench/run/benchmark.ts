import { existsSync, mkdirSync } from 'node:fs';
import { formatSize } from '../sizes.ts';
import { findPeers, type Contender } from './contenders.ts';
import { describeMachine } from './machine.ts';
import { requireGnuTime } from './measure.ts';
import { rowSection } from './report.ts';
import { LONG_ROWS, ROWS, type Sizes } from './rows.ts';
import { runRow, tasksOf, type RunOptions } from './tasks.ts';

export interface BenchmarkOptions extends Sizes, RunOptions {
  readonly ours: string;
  readonly perl?: string;
  readonly peer: readonly string[];
}

/** Runs the named rows, with the programs in turn, and prints Markdown; the exit code is 1 if an output is wrong. */
export async function runBenchmark(names: readonly string[], options: BenchmarkOptions): Promise<void> {
  requireGnuTime();
  const all = [...ROWS, ...LONG_ROWS];
  const unknown = names.filter((name) => all.every((row) => row.name !== name));
  if (unknown.length > 0) {
    throw new Error(`no row ${unknown.join(', ')}; rows are ${all.map((row) => row.name).join(', ')}`);
  }
  mkdirSync(options.dir, { recursive: true });
  const { peers, inferno, missing } = findPeers(options);
  const ours: Contender = { name: 'ours', words: options.ours.split(' '), output: 'folded' };
  const built = ours.words.filter((word) => word.endsWith('.js')).every((word) => existsSync(word));
  if (!built) missing.push(`ours: ${options.ours} is not built`);
  const sizes = `traces of ${formatSize(options.size)}, medians of ${options.runs}`;
  const left = missing.map((text) => `- not measured: ${text}`);
  process.stdout.write([`## ${sizes}`, '', ...describeMachine(), ...left, '', ''].join('\n'));

  for (const row of names.length === 0 ? ROWS : all.filter((row) => names.includes(row.name))) {
    const tasks = tasksOf(row, options, built ? ours : undefined, peers, inferno);
    const results = await runRow(tasks, options);
    process.stdout.write(`${rowSection(row, options, results)}\n`);
    if (results.some(({ faults }) => faults.length > 0)) process.exitCode = 1;
  }
}
