import { beforeAll, describe, expect, it } from 'vitest';
import { fold, weightOf, type Folded } from '../laboratory/fold.ts';
import { prepare } from '../laboratory/machine.ts';
import { doRuns, type Outcome } from '../laboratory/runs.ts';

const SECONDS = 3;

describe('one module, compiled, loaded and read', () => {
  let outcome: Outcome;
  let stacks: Folded;
  beforeAll(async () => {
    const options = { pid: 4100, seconds: SECONDS, user: true } as const;
    const outcomes = await doRuns(prepare(), [{ name: 'user', program: 'shares', options }]);
    outcome = outcomes.get('user')!;
    stacks = await fold(outcome.trace);
  });

  it('delivers a complete trace', () => {
    expect(outcome.exitCode).toBe(0);
    expect(stacks.summary.complete).toBe(true);
    // other processes also use the only CPU
    expect(stacks.total).toBeGreaterThan(SECONDS * 60);
    expect(stacks.svg).toContain('</svg>');
  });

  it('shows two functions that run 2:1 in that proportion', () => {
    const heavy = weightOf(stacks, 'heavy_part');
    const light = weightOf(stacks, 'light_part');
    // four standard deviations of a binomial share
    expect(Math.abs(heavy / (heavy + light) - 2 / 3)).toBeLessThan(4 * Math.sqrt(2 / 9 / (heavy + light)));
  });
});
