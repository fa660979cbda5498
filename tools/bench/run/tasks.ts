import { rmSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TraceFacts } from '../generate/kinds.ts';
import { readFolded } from './check.ts';
import { atOnce, FLOOR, LIBRARY, type Contender } from './contenders.ts';
import { lastWords, measure, type Measurement } from './measure.ts';
import type { Result } from './report.ts';
import type { Feed, Row, Sizes } from './rows.ts';
import { prepareFeed, readFacts } from './traces.ts';

export interface RunOptions {
  readonly dir: string;
  readonly seed: number;
  readonly runs: number;
}

/** One line of a row's table. */
export interface Task {
  readonly name: string;
  readonly contender: Contender;
  readonly feed: Feed;
  readonly exitCode: number;
}

export function tasksOf(
  row: Row,
  sizes: Sizes,
  ours: Contender | undefined,
  peers: readonly Contender[],
  inferno?: Contender,
): Task[] {
  return row.entries(sizes).flatMap(({ name, who, feed, flags = [], output, exitCode }): Task[] => {
    if (who === 'peers') return peers.map((peer) => ({ name: peer.name, contender: peer, feed, exitCode }));
    const contender = {
      ours,
      'two of ours': ours && atOnce(ours),
      library: LIBRARY,
      floor: FLOOR,
      inferno,
    }[who];
    if (!contender) return [];
    const words = [...contender.words, ...flags];
    return [{ name, contender: { ...contender, words, output: output ?? contender.output }, feed, exitCode }];
  });
}

/** Runs each program once, then each again: if the machine is slow for a while, it slows down all of them. */
export async function runRow(tasks: readonly Task[], options: RunOptions): Promise<Result[]> {
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
      // stapflame writes the same bytes for the same trace, however it reads the trace
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

async function runTask({ contender, feed, exitCode }: Task, options: RunOptions): Promise<TaskOutcome> {
  const { dir, seed } = options;
  const prepared = await prepareFeed(feed, dir, seed);
  const { files = [], stdin } = prepared;
  const words = [...contender.words, ...files];
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
  if (contender.output === 'elsewhere') return { measurement, faults };
  if (contender.output === 'profile') {
    if (statSync(output).size === 0) faults.push('no profile');
    rmSync(output);
    return { measurement, faults };
  }
  const folded = await readFolded(output);
  rmSync(output);
  if (faults.length === 0) faults.push(...weightFaults(folded.weight, facts));
  const own = contender.name === 'ours' || contender.name === LIBRARY.name;
  return own ? { measurement, faults, digest: folded.sha256 } : { measurement, faults };
}

/** Checks the sum, which must include all complete records, but may omit records that exceed a limit. */
function weightFaults(weight: number, { weight: most, wholeWeight: least }: TraceFacts): string[] {
  if (weight >= least && weight <= most) return [];
  return [`counts add up to ${weight}, not ${least === most ? most : `${least} to ${most}`}`];
}
