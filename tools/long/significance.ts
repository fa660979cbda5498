import { setFlagsFromString } from 'node:v8';
import { mostByChance, shownByChance, shownOfGrown, type Shown } from './chance.ts';
import type { Outcome, Setting } from './load.ts';

const PAIRS = 2000;
const LEAST_FOUND = 0.95;

/** Compares thousands of random pairs of profiles: chance is seldom significant, a real difference nearly always. */
export async function significance({ seed }: Setting): Promise<Outcome> {
  // drawn data soon becomes garbage, which would fill 48 MiB before it is collected
  setFlagsFromString('--semi-space-growth-factor=1');
  const begin = performance.now();
  const before = process.cpuUsage();
  const equal = shownByChance({ pairs: PAIRS, seed, samples: [5000, 5000] });
  const uneven = shownByChance({ pairs: PAIRS, seed: seed + 1, samples: [5000, 1700] });
  const grown = shownOfGrown({ pairs: PAIRS, seed: seed + 2, samples: [5000, 5000] });
  const { user, system } = process.cpuUsage(before);
  const percent = ({ functions, boxes }: Shown): string =>
    `${((100 * functions) / PAIRS).toFixed(1)} % by functions, ${((100 * boxes) / PAIRS).toFixed(1)} % by boxes`;
  const most = mostByChance(PAIRS);
  const faults = [equal, uneven]
    .filter(({ functions, boxes }) => Math.max(functions, boxes) > most)
    .map((shown) => `${percent(shown)} differ by chance`);
  if (Math.min(grown.functions, grown.boxes) < LEAST_FOUND * PAIRS)
    faults.push(`of pairs that differ, ${percent(grown)} are found`);
  return {
    measurement: {
      cpu: (user + system) / 1e6,
      wall: (performance.now() - begin) / 1000,
      rss: process.resourceUsage().maxRSS * 1024,
      exitCode: 0,
    },
    answer: `by chance ${percent(equal)} (5,000 samples each), ${percent(uneven)} (5,000 and 1,700); found ${percent(grown)}`,
    faults,
  };
}
