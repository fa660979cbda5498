import { EXACT_MAX } from '@stapflame/stacks';
import { significantOf } from './family.ts';
import { resolveOptions, type CompareOptions } from './options.ts';
import { leastPValue, pValue, splitByTime, splitByTotals } from './test-of-counts.ts';

/** Sample counts on both sides for parts of a profile, such as the boxes of a picture. */
export interface PartCounts {
  readonly before: ArrayLike<number>;
  readonly after: ArrayLike<number>;
  readonly totalBefore: number;
  readonly totalAfter: number;
}

/**
 * Tests whether each part's shares before and after differ. All tests share one significance level. Returns 1 for each
 * part that differs significantly, and 0 for the others. Returns `undefined` if the numbers are not sample counts, or
 * if one side has no samples.
 */
export function significantParts(
  { before, after, totalBefore, totalAfter }: PartCounts,
  options: CompareOptions = {},
): Uint8Array | undefined {
  const { significance, exposures } = resolveOptions(options);
  const isTestable = totalBefore > 0 && totalAfter > 0 && totalBefore + totalAfter <= EXACT_MAX;
  const sides = [before, after].map((counts) => Array.from(counts));
  if (!isTestable || !sides.flat().every(Number.isInteger)) return undefined;
  const split = exposures ? splitByTime(...exposures) : splitByTotals(totalBefore, totalAfter);
  const tests = sides[0]!.flatMap((one, part) => {
    const other = sides[1]![part] ?? 0;
    if (one + other === 0) return [];
    return [{ part, p: pValue(split, one, other), least: leastPValue(split, one + other) }];
  });
  const results = new Uint8Array(before.length);
  for (const { part } of significantOf(tests, significance)) results[part] = 1;
  return results;
}
