#!/usr/bin/env node
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Command, InvalidArgumentError } from 'commander';
import type { Outcome, Rounds } from './rounds.ts';

/** Inputs per round. */
const ROUND = 1000;

const { duration, inputs, seed, workers } = new Command('fuzz')
  .description(
    'Sends bytes through every stage, with two scanners, two budgets and many cuts, until results differ',
  )
  .option('--duration <time>', 'start no round after this time, such as 60s, 10m or 1h', seconds)
  .option('--inputs <n>', `number of inputs, in rounds of ${ROUND}`, whole)
  .option('--seed <n>', 'the same seed gives the same inputs', whole, Date.now() % 2 ** 31)
  .option('--workers <n>', 'number of rounds at a time', whole, availableParallelism())
  .parse()
  .opts<{ duration?: number; inputs?: number; seed: number; workers: number }>();

function seconds(text: string): number {
  const match = /^(\d{1,6})([smh])$/.exec(text);
  if (!match) throw new InvalidArgumentError('expected a time, such as 60s, 10m or 1h.');
  return Number(match[1]) * { s: 1, m: 60, h: 3600 }[match[2] as 's' | 'm' | 'h'];
}

function whole(text: string): number {
  if (!/^\d{1,15}$/.test(text) || Number(text) === 0)
    throw new InvalidArgumentError('expected a whole number.');
  return Number(text);
}

async function work(rounds: Rounds): Promise<Outcome> {
  const worker = new Worker(new URL('worker.js', import.meta.url), { workerData: rounds });
  const [outcome] = (await once(worker, 'message')) as [Outcome];
  return outcome;
}

const began = performance.now();
const outcomes = await Promise.all(
  Array.from({ length: workers }, (_, first) =>
    work({
      seed,
      size: Math.min(ROUND, inputs ?? ROUND),
      first,
      step: workers,
      end: inputs === undefined ? Infinity : Math.ceil(inputs / ROUND),
      duration: duration ?? (inputs === undefined ? 60 : Infinity),
    }),
  ),
);
const sum = (key: keyof Outcome): string =>
  outcomes.reduce((total, outcome) => total + outcome[key], 0).toLocaleString('en');
const time = Math.round((performance.now() - began) / 1000);
process.stdout
  .write(`${sum('inputs')} inputs (${sum('bytes')} bytes) in ${time} s from seed ${seed}; 0 findings
- inputs read as a trace by both scanners and in pieces, and as folded text whole and in pieces: ${sum('inputs')}
- inputs read as maps, a perf map, kernel symbols, a saved file, an ELF file and labels to demangle: ${sum('inputs')}
- traces in known formats, read as the stacks that they were made from: ${sum('formed')}
- other traces, folded with two budgets: ${sum('folded')}; ${sum('distinct')} distinct stacks, the same with ${sum('spilledRuns')} runs on disk as with none
- traces whose folded text was read and folded again: ${sum('foldedAgain')}
- pictures drawn, and read by a strict XML parser: ${sum('drawn')}
`);
