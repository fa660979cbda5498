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
/** More bytes than can be read within SECONDS. */
const ENDLESS = 2 ** 40;
/**
 * The process's memory varies by some MiB, sometimes only in the first two minutes; only a rise that continues after
 * that is growth.
 */
const SECONDS = 150;
/** The size of a write; it seldom ends at the end of a record. */
const CHUNK = 10_007;

/** The part of `fold`'s summary that is compared. */
interface Summary {
  readonly complete: boolean;
  readonly trace: Readonly<Record<'bytes' | 'records' | 'weight' | 'damaged' | 'truncated', number>>;
}

/**
 * Folds an endless trace, ended by SIGINT. The output must contain everything read, be marked as incomplete, and have
 * the right sum.
 */
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

/** Returns facts about the first `bytes` bytes of the trace. Its records do not depend on its size. */
function factsOf(bytes: number, seed: number): TraceFacts {
  const blocks = generateTrace({ kind: KIND, size: bytes, seed, company: 'records' });
  for (;;) {
    const next = blocks.next();
    if (next.done) return next.value;
  }
}
