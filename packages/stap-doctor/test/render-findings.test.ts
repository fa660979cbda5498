import { expect, it } from 'vitest';
import type { Finding } from '../src/finding.ts';
import { renderFindings } from '../src/render-findings.ts';

const FINDING: Finding = {
  code: 'time-is-up',
  severity: 'note',
  meaning: 'The meaning.',
  cause: 'The cause.',
  fixes: [],
  values: {},
  links: [],
};

it.each([
  [{ line: 7 }, 'line 7: first', '          second'],
  [{ line: 7, count: 2 }, 'line 7, 2 times: first', '          second'],
  [{ count: 2 }, '2 times: first', '          second'],
  [{}, '  first', '          second'],
])('shows where the evidence was found, as far as that is known: %j', (place, first, second) => {
  const evidence = { text: 'first\nsecond', ...place };
  expect(
    renderFindings([{ ...FINDING, evidence }])
      .split('\n')
      .slice(2, 4),
  ).toEqual([`        ${first}`, second]);
});
