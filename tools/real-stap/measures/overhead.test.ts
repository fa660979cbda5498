import type { ScriptOptions } from '@stapflame/stap-script';
import { expect, it } from 'vitest';
import { prepare, target } from '../laboratory/machine.ts';
import { doRuns, type Outcome, type Run } from '../laboratory/runs.ts';

const FREQUENCIES = [99, 999];
/** Sampling modes and their options. */
const WAYS = {
  stream: {},
  addresses: { addresses: true },
  aggregate: { mode: 'aggregate' },
} as const satisfies Readonly<Record<string, ScriptOptions>>;
/** Sampling at 999 Hz would exceed the overhead limit, because the emulated processor is about ten times too slow. */
const UNLIMITED = ['-DSTP_NO_OVERLOAD'];
/** The target works for four seconds. */
const SECONDS = 20;
/** The number of ticks per second in /proc/PID/stat. */
const TICKS = 100;

interface Row {
  readonly run: string;
  readonly pieces: number;
  readonly slower: string;
  /** NaN if the trace has no trailer because the run failed. */
  readonly hits: number;
  readonly bytes: number;
  readonly 'bytes a hit': number;
  readonly 'module, KiB': number;
  /** Includes the time for loading the module; see the first row. */
  readonly 'stapio, CPU seconds': number;
}

it('measures the cost of sampling', async () => {
  const laboratory = prepare();
  const run = (name: string, options: ScriptOptions): Run => ({
    name,
    program: 'counter',
    options: {
      command: target(laboratory, 'counter'),
      seconds: SECONDS,
      stapArguments: UNLIMITED,
      ...options,
    },
    // the last reading is taken at most a tenth of a second before the end
    beside: `while read -r line < /proc/$staprun/stat; do echo "$line" > /out/${name}/stat; sleep 0.1; done 2> /dev/null`,
  });
  const runs = [
    run('once_a_second', { frequency: 1 }),
    ...FREQUENCIES.flatMap((frequency) =>
      Object.entries(WAYS).map(([way, options]) => run(`${way}_${frequency}`, { frequency, ...options })),
    ),
  ];
  const outcomes = await doRuns(laboratory, runs);
  const idle = pieces(outcomes.get('once_a_second')!);
  const rows = runs.map(({ name }) => row(name, outcomes.get(name)!, idle));
  console.table(rows);
  for (const [name, { messages }] of outcomes)
    if (/ERROR/.test(messages)) console.log(`${name}: ${messages}`);
  expect(rows.every(({ pieces }) => pieces > 0)).toBe(true);
});

function row(run: string, outcome: Outcome, idle: number): Row {
  const bytes = outcome.trace.length;
  const hits = Number(/hits=(\d+)/.exec(outcome.trace.toString())?.[1]);
  const done = pieces(outcome);
  return {
    run,
    pieces: done,
    slower: `${(100 * (1 - done / idle)).toFixed(1)} %`,
    hits,
    bytes,
    'bytes a hit': Math.round(bytes / hits),
    'module, KiB': Math.round(outcome.moduleBytes / 1024),
    'stapio, CPU seconds': outcome.loaderTicks! / TICKS,
  };
}

function pieces({ trace }: Outcome): number {
  return Number(/^pieces (\d+)$/m.exec(trace.toString())?.[1]);
}
