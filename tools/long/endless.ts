import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { TraceFacts } from '../bench/generate/kinds.ts';
import { generateTrace } from '../bench/generate/trace.ts';
import { readFolded } from '../bench/run/check.ts';
import { generatorCommand } from '../bench/run/traces.ts';
import type { Outcome, Setting } from './load.ts';
import { courseOf } from './memory.ts';
import { observe } from './observe.ts';

const KIND = 'sliding';
/** More than is read in that time. */
const ENDLESS = 2 ** 40;
/** The process takes some MiB more or less in a step, now and then in the first two minutes: growth is what goes on. */
const SECONDS = 150;
/** Writes that seldom end where a record does. */
const CHUNK = 10_007;

/** What the summary of `fold` says, as far as it is compared. */
interface Summary {
  readonly complete: boolean;
  readonly trace: Readonly<Record<'bytes' | 'records' | 'weight' | 'damaged' | 'truncated', number>>;
}

/** A trace without end, ended by SIGINT: all that was read is in the output, marked, and counted right. */
export async function endless({ dir, seed, stapflame }: Setting): Promise<Outcome> {
  const output = join(dir, 'output.txt');
  const summaryFile = join(dir, 'summary.json');
  const { measurement, readings } = await observe(
    {
      words: [...stapflame, 'fold', '--summary', summaryFile],
      stdin: {
        pipe: generatorCommand({ kind: KIND, source: 'made', size: ENDLESS, chunk: CHUNK }, seed),
        facts: join(dir, 'made.json'),
      },
    },
    dir,
    output,
    async (pid) => {
      await pause(SECONDS * 1000);
      process.kill(pid, 'SIGINT');
    },
  );
  const { complete, trace } = JSON.parse(readFileSync(summaryFile, 'utf8')) as Summary;
  const expected = factsOf(trace.bytes, seed);
  const folded = await readFolded(output);
  const lastLine = readFileSync(output, 'utf8').split('\n').at(-2);
  rmSync(output);
  const found = {
    'exit code': [measurement.exitCode, 75],
    'last line': [lastLine, '# stapflame incomplete truncated=1'],
    complete: [complete, false],
    records: [trace.records, expected.records],
    weight: [trace.weight, expected.weight],
    'sum of the counts': [folded.weight, expected.weight],
    damaged: [trace.damaged, 0],
    truncated: [trace.truncated, trace.bytes > expected.bytes ? 1 : 0],
  } as const;
  return {
    measurement,
    memory: { course: courseOf(readings) },
    answer: `75, marked; ${(trace.bytes / 2 ** 30).toFixed(1)} GiB and ${trace.records.toLocaleString('en')} records were read, all are in the sum`,
    faults: Object.entries(found).flatMap(([name, [is, should]]) =>
      is === should ? [] : [`${name}: ${is}, not ${should}`],
    ),
  };
}

/** What so many bytes of the trace hold: its records do not depend on its size. */
function factsOf(bytes: number, seed: number): TraceFacts {
  const blocks = generateTrace({ kind: KIND, size: bytes, seed, company: 'records' });
  for (;;) {
    const next = blocks.next();
    if (next.done) return next.value;
  }
}
