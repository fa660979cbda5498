import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { Budgets } from './budgets.ts';
import { formedTraces } from './forms.ts';
import { Fuzzer, type Tried } from './fuzzer.ts';
import { fuzzInputs } from './inputs.ts';
import { manyNames } from './many-names.ts';
import { manyStacks } from './stacks.ts';

const FIXTURES = fileURLToPath(new URL('../../../packages/cli/test/fixtures/', import.meta.url));

/**
 * Rounds whose seeds are divisible by this add enough batches for the small budget to spill, which takes as long as a
 * round.
 */
const SPILLING = 8;
const SPILLED_BATCHES = 50;

/** Number of inputs of arbitrary bytes for each trace in a known format. */
const FORMED = 4;

/** The rounds of inputs to try, and the time limit. */
export interface Rounds {
  readonly seed: number;
  /** Inputs per round. */
  readonly size: number;
  /** This worker's first round, and the step to its next one: workers take turns. */
  readonly first: number;
  readonly step: number;
  /** The first round that is not tried. */
  readonly end: number;
  /** No round begins after this many seconds. */
  readonly duration: number;
}

/** The number of checks, and the results of the two budgets. */
export interface Outcome extends Tried {
  /** Distinct stacks, counted within each round. */
  distinct: number;
  spilledRuns: number;
}

/**
 * Each round has its own seed and its own stages, so that a finding is shrunk within the round and reproduced with its
 * seed. Throws fast-check's report of a finding, or an error if a round's budgets differ.
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
    const formed = fc.property(fc.oneof(formedTraces, manyNames), (trace) => fuzzer.checkFormed(trace));
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
