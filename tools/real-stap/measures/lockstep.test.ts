import { expect, it } from 'vitest';
import { asMarkdown } from '../laboratory/markdown.ts';
import type { ScriptOptions } from '@stapflame/stap-script';
import { fold, weightOf } from '../laboratory/fold.ts';
import { prepare } from '../laboratory/machine.ts';
import { repeatRuns, type Outcome, type Run } from '../laboratory/runs.ts';
import { chiSquare, deviations, sum, type Counted } from '../laboratory/statistics.ts';

const TIMES = 3;
const SECONDS = 3;
const SHARES = [0.1, 0.2, 0.3, 0.4];
/** Numbers of steps in a unit of work. A round has ten units. */
const UNITS = [15_000, 20_000, 25_000, 30_000];
/** Sampling modes, and whether the target's phase is random. */
const WAYS: Readonly<Record<string, ScriptOptions & { readonly phase?: 'random' }>> = {
  streaming: {},
  aggregated: { mode: 'aggregate' },
  'streaming, random phase': { phase: 'random' },
};

it('samples four threads that take turns at 1 : 2 : 3 : 4, in rounds of several lengths', async () => {
  const cases = UNITS.flatMap((unit) =>
    Object.entries(WAYS).map(([way, options]) => ({ unit, way, options })),
  );
  const runs = cases.map(({ unit, options: { phase, ...options } }, i): Run => ({
    name: `case_${i}`,
    program: 'turns',
    words: phase === undefined ? String(unit) : `${unit} ${phase}`,
    options: { pid: 4100, seconds: SECONDS, user: true, ...options },
  }));
  const outcomes = await repeatRuns(prepare(), runs, { times: TIMES });
  const rows = await Promise.all(
    cases.map(async ({ unit, way }, i) => {
      const counted = await Promise.all(outcomes.get(`case_${i}`)!.map(sharesOf));
      const { value, degrees, p } = chiSquare(counted);
      return {
        unit,
        way,
        samples: counted.map(({ counts }) => sum(counts)).join(' '),
        'z of the third': counted.map((each) => deviations(each)[2]!.toFixed(1)).join(' '),
        'χ²': `${value.toFixed(1)} of ${degrees}`,
        p: p.toPrecision(2),
      };
    }),
  );
  console.log(asMarkdown(rows));
  expect(rows.every(({ samples }) => !samples.split(' ').includes('0'))).toBe(true);
});

async function sharesOf({ trace }: Outcome): Promise<Counted> {
  const stacks = await fold(trace);
  return { counts: SHARES.map((_, i) => weightOf(stacks, `work_${i + 1}`)), shares: SHARES };
}
