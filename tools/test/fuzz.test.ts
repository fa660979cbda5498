import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { share } from '../../testing/properties.ts';
import { Budgets } from '../fuzz/budgets.ts';
import { formedTraces } from '../fuzz/forms.ts';
import { Fuzzer } from '../fuzz/fuzzer.ts';
import { fuzzInputs } from '../fuzz/inputs.ts';
import { manyNames } from '../fuzz/many-names.ts';
import { manyStacks } from '../fuzz/stacks.ts';

const FIXTURES = fileURLToPath(new URL('../../packages/cli/test/fixtures/', import.meta.url));

it('any bytes give the same result with both scanners and any chunks, with correct sums and valid XML', () => {
  const corpus = readdirSync(FIXTURES).map((name) => readFileSync(`${FIXTURES}${name}/trace.txt`));
  const budgets = new Budgets();
  const fuzzer = new Fuzzer(budgets);
  fc.assert(
    fc.property(fuzzInputs(corpus), (input) => fuzzer.check(input)),
    share(3),
  );
  fc.assert(fc.property(fc.oneof(formedTraces, manyNames), (trace) => fuzzer.checkFormed(trace)));
  budgets.compare();
  for (const count of Object.values(fuzzer.tried)) expect(count).toBeGreaterThan(0);
});

it('stacks of all depths and names stay the same if the budget spills them many times', () => {
  const budgets = new Budgets();
  budgets.add(fc.sample(manyStacks, 50));
  expect(budgets.compare().spilledRuns).toBeGreaterThan(1);
});
