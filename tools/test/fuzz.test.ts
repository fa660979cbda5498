import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { it } from 'vitest';
import { Budgets } from '../fuzz/budgets.ts';
import { fuzzInputs } from '../fuzz/inputs.ts';
import { checkInput } from '../fuzz/stages.ts';

const FIXTURES = fileURLToPath(new URL('../../packages/cli/test/fixtures/', import.meta.url));

it('any bytes are alike by both scanners and however they are cut, and give sums and XML', () => {
  const corpus = readdirSync(FIXTURES).map((name) => readFileSync(`${FIXTURES}${name}/trace.txt`));
  const budgets = new Budgets();
  const property = fc.property(fuzzInputs(corpus), (input) => {
    const read = checkInput(input);
    if (read) budgets.add(read.batches);
  });
  fc.assert(property, { numRuns: 300 });
  budgets.compare();
});
