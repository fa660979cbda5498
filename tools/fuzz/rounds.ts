import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { Budgets } from './budgets.ts';
import { formedTraces } from './forms.ts';
import { Fuzzer, type Tried } from './fuzzer.ts';
import { fuzzInputs } from './inputs.ts';
import { manyStacks } from './stacks.ts';

const FIXTURES = fileURLToPath(new URL('../../../packages/cli/test/fixtures/', import.meta.url));

/** Rounds of seeds that this divides add so many batches that the small budget spills: as much time as a round. */
const SPILLING = 8;
const SPILLED_BATCHES = 50;

/** To so many inputs of any bytes there is one trace of known forms. */
const FORMED = 4;

/** Which rounds of inputs are to be tried, and until when. */
export interface Rounds {
  readonly seed: number;
  /** Inputs of a round. */
  readonly size: number;
  /** The first round, and from one to the next: workers take turns. */
  readonly first: number;
  readonly step: number;
  /** No round from this one on. */
  readonly end: number;
  /** No round begins after so many seconds. */
  readonly duration: number;
}

/** What was tried, and what the two budgets made of the stacks. */
export interface Outcome extends Tried {
  /** Stacks that differ within their round. */
  distinct: number;
  spilledRuns: number;
}

/**
 * Each round has a seed of its own, and stages of its own, so that a finding is shrunk within it and found again by
 * that seed. Throws what fast-check says of a finding, or that the budgets of a round differ.
 */
export function tryRounds({ seed, size, first, step, end, duration }: Rounds): Outcome {
  const corpus = readdirSync(FIXTURES).map((name) => readFileSync(`${FIXTURES}${name}/trace.txt`));
  const inputs = fuzzInputs(corpus);
  const sum: Outcome = {
    inputs: 0,
    bytes: 0,
    folded: 0,
    formed: 0,
    foldedAgain: 0,
    drawn: 0,
    distinct: 0,
    spilledRuns: 0,
  };
  const began = performance.now();
  for (let round = first; round < end && performance.now() - began < duration * 1000; round += step) {
    const budgets = new Budgets();
    const fuzzer = new Fuzzer(budgets);
    const roundSeed = (seed + round) % 2 ** 31;
    const property = fc.property(inputs, (input) => fuzzer.check(input));
    fc.assert(property, { seed: roundSeed, numRuns: size });
    const formed = fc.property(formedTraces, (trace) => fuzzer.checkFormed(trace));
    fc.assert(formed, { seed: roundSeed, numRuns: Math.ceil(size / FORMED) });
    if (roundSeed % SPILLING === 0)
      budgets.add(fc.sample(manyStacks, { seed: roundSeed, numRuns: SPILLED_BATCHES }));
    const tried = { ...fuzzer.tried, ...comparedBudgets(budgets, roundSeed) };
    for (const key of Object.keys(sum) as (keyof Outcome)[]) sum[key] += tried[key];
  }
  return sum;
}

function comparedBudgets(budgets: Budgets, seed: number): ReturnType<Budgets['compare']> {
  try {
    return budgets.compare();
  } catch (cause) {
    throw new Error(`the two budgets differ in the round of seed ${seed}`, { cause });
  }
}
