import type { Boxes } from '../tree/boxes.ts';

/** Counts on both sides of a comparison: the weights of all boxes, followed by their self weights. */
export interface BoxCounts {
  readonly before: Float64Array;
  readonly after: Float64Array;
  readonly totalBefore: number;
  readonly totalAfter: number;
}

/**
 * Tests all counts of a picture as one family. Returns 1 for each significant difference and 0 for others, or
 * `undefined` if nothing can be tested, for example because the weights are times.
 */
export type TestBoxes = (counts: BoxCounts) => ArrayLike<number> | undefined;

/** Whether the changes in a function's self and total weights are statistically significant. */
export interface FunctionTest {
  readonly self: boolean;
  readonly total: boolean;
}

/** Returns the test result of the function with this name; `undefined` if the function was not tested. */
export type TestFunctions = (name: string) => FunctionTest | undefined;

/**
 * Two test results (1 or 0) for each box: whether its weight has changed significantly, and whether its self weight
 * has. The change in self weight determines the colour.
 */
export interface Significance {
  readonly weights: readonly number[];
  readonly selfs: readonly number[];
}

export function significanceOf(
  { weights, weightsBefore, selfs, changes, sum, totalBefore, isComparison }: Boxes,
  testBoxes: TestBoxes | undefined,
): Significance | undefined {
  if (!isComparison || !changes || !testBoxes) return undefined;
  const before = new Float64Array(2 * weights.length);
  const after = new Float64Array(2 * weights.length);
  before.set(weightsBefore);
  before.set(
    selfs.map((self, box) => self - changes[box]!),
    weights.length,
  );
  after.set(weights);
  after.set(selfs, weights.length);
  const results = testBoxes({ before, after, totalBefore, totalAfter: sum });
  if (!results) return undefined;
  const significant = Array.from(results, (result) => (result === 1 ? 1 : 0));
  return { weights: significant.slice(0, weights.length), selfs: significant.slice(weights.length) };
}
