import { expect, it } from 'vitest';
import { mostByChance, shownByChance, shownOfGrown } from '../../long/chance.ts';

it('two profiles from one distribution seldom differ significantly in a function or box', () => {
  const pairs = 120;
  const { functions, boxes } = shownByChance({ pairs, seed: 5, samples: [2000, 1500] });
  expect(Math.max(functions, boxes)).toBeLessThanOrEqual(mostByChance(pairs));
});

it('a function that grows from 10 % to 14 % is found, and so is its box', () => {
  const pairs = 40;
  const { functions, boxes } = shownOfGrown({ pairs, seed: 6, samples: [5000, 5000] });
  expect(Math.min(functions, boxes)).toBeGreaterThanOrEqual(0.95 * pairs);
});

it('with fewer samples, such a function is found less often', () => {
  const { functions, boxes } = shownOfGrown({ pairs: 40, seed: 7, samples: [300, 300] });
  expect(Math.max(functions, boxes)).toBeLessThan(20);
});
