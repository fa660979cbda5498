import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TraceFacts } from '../generate/kinds.ts';
import { formatSize } from '../sizes.ts';
import { readFolded } from './check.ts';
import { findPeers, FLOOR, LIBRARY, type Contender } from './contenders.ts';
import { describeMachine } from './machine.ts';
import { lastWords, measure, requireGnuTime, type Measurement } from './measure.ts';
import { rowSection, type Result } from './report.ts';
import { LONG_ROWS, ROWS, type Feed, type Row, type Sizes } from './rows.ts';
import { prepareFeed, readFacts } from './traces.ts';

export interface BenchmarkOptions extends Sizes {
  readonly dir: string;
  readonly seed: number;
  readonly runs: number;
  readonly ours: string;
  readonly perl?: string;
  readonly peer: readonly string[];
}

/** Runs the named rows, everyone in turn, and prints Markdown; faults in outputs end it with 1. */
export async function runBenchmark(names: readonly string[], options: BenchmarkOptions): Promise<void> {
  requireGnuTime();
  const all = [...ROWS, ...LONG_ROWS];
  const unknown = names.filter((name) => all.every((row) => row.name !== name));
  if (unknown.length > 0) {
    throw new Error(`no row ${unknown.join(', ')}; rows are ${all.map((row) => row.name).join(', ')}`);
  }
  mkdirSync(options.dir, { recursive: true });
  const { peers, missing } = findPeers(options);
  const ours: Contender = { name: 'ours', words: options.ours.split(' '), output: 'folded' };
  const built = ours.words.filter((word) => word.endsWith('.js')).every((word) => existsSync(word));
  if (!built) missing.push(`ours: ${options.ours} is not built`);
  const sizes = `traces of ${formatSize(options.size)}, medians of ${options.runs}`;
  const left = missing.map((text) => `- not measured: ${text}`);
  process.stdout.write([`## ${sizes}`, '', ...describeMachine(), ...left, '', ''].join('\n'));

  for (const row of names.length === 0 ? ROWS : all.filter((row) => names.includes(row.name))) {
    const tasks = tasksOf(row, options, built ? ours : undefined, peers);
    const results = await runRow(tasks, options);
    process.stdout.write(`${rowSection(row, options, results)}\n`);
    if (results.some(({ faults }) => faults.length > 0)) process.exitCode = 1;
  }
}

/** One line of a row's table. */
interface Task {
  readonly name: string;
  readonly contender: Contender;
  readonly feed: Feed;
  readonly exitCode: number;
}

function tasksOf(row: Row, sizes: Sizes, ours: Contender | undefined, peers: readonly Contender[]): Task[] {
  return row.entries(sizes).flatMap(({ name, who, feed, exitCode }): Task[] => {
    if (who === 'peers') return peers.map((peer) => ({ name: peer.name, contender: peer, feed, exitCode }));
    const contender = { ours, library: LIBRARY, floor: FLOOR }[who];
    return contender ? [{ name, contender, feed, exitCode }] : [];
  });
}

/** Everyone once, then everyone again: what slows the machine for a while slows all alike. */
async function runRow(tasks: readonly Task[], options: BenchmarkOptions): Promise<Result[]> {
  const results = tasks.map(({ name }) => ({ name, runs: [] as Measurement[], faults: [] as string[] }));
  const digests = new Map<string, string>();
  for (let run = 0; run < options.runs; run++) {
    for (const [at, task] of tasks.entries()) {
      const { measurement, faults, digest } = await runTask(task, options);
      process.stderr.write(`${task.feed.kind}, ${task.name}: ${measurement.cpu.toFixed(2)} s\n`);
      const result = results[at]!;
      result.runs.push(measurement);
      for (const fault of faults) if (!result.faults.includes(fault)) result.faults.push(fault);
      if (digest === undefined) continue;
      // The same stapflame on the same trace gives the same bytes, by whatever way they came.
      const trace = `${task.feed.kind} ${task.feed.size} ${task.feed.alone ?? false}`;
      if ((digests.get(trace) ?? digest) !== digest) result.faults.push('bytes differ from the row above');
      digests.set(trace, digest);
    }
  }
  return results;
}

interface TaskOutcome {
  readonly measurement: Measurement;
  readonly faults: readonly string[];
  /** SHA-256 of our own output. */
  readonly digest?: string;
}

async function runTask({ contender, feed, exitCode }: Task, options: BenchmarkOptions): Promise<TaskOutcome> {
  const { dir, seed } = options;
  const prepared = await prepareFeed(feed, dir, seed);
  const { argument, stdin } = prepared;
  const words = argument === undefined ? contender.words : [...contender.words, argument];
  const output = join(dir, 'output.txt');
  const measurement = await measure(stdin ? { words, stdin } : { words }, dir, output);
  const faults: string[] = [];
  if (measurement.exitCode !== exitCode) {
    faults.push(`exit code ${measurement.exitCode}, not ${exitCode}: ${await lastWords(dir)}`);
  }
  const facts = await readFacts(prepared);
  if (contender.output === 'newlines') {
    const lines = Number(await readFile(output, 'utf8'));
    if (lines !== facts.lines) faults.push(`${lines} lines, not ${facts.lines}`);
    return { measurement, faults };
  }
  const folded = await readFolded(output);
  rmSync(output);
  if (faults.length === 0) faults.push(...weightFaults(folded.weight, facts));
  const own = contender.name === 'ours' || contender === LIBRARY;
  return own ? { measurement, faults, digest: folded.sha256 } : { measurement, faults };
}

/** What is lost to a cap may be in the sum or not, what is whole must be. */
function weightFaults(weight: number, { weight: most, wholeWeight: least }: TraceFacts): string[] {
  if (weight >= least && weight <= most) return [];
  return [`counts add up to ${weight}, not ${least === most ? most : `${least} to ${most}`}`];
}
