/** One test in a family, which is a group of tests that share a significance level. */
export interface FamilyTest {
  readonly p: number;
  /** The smallest p-value that this test could have, however the samples are distributed. */
  readonly least: number;
}

/**
 * Returns the significant tests. If there is no difference anywhere, the probability that any test is significant is at
 * most `level`, even if the tests depend on each other. This uses Holm's correction, but only for tests that could be
 * significant at all (Tarone). Out of ten thousand functions, most have only a few samples. Correcting for those, too,
 * would hide differences in the more frequent functions.
 */
export function significantOf<Test extends FamilyTest>(
  tests: readonly Test[],
  level: number,
): ReadonlySet<Test> {
  const byLeast = tests.toSorted((a, b) => a.least - b.least);
  let possible = byLeast.length;
  let size = 0;
  do {
    size++;
    while (possible > 0 && byLeast[possible - 1]!.least > level / size) possible--;
  } while (possible > size);
  const family = byLeast.slice(0, possible).sort((a, b) => a.p - b.p);
  const end = family.findIndex(({ p }, place) => p > level / (family.length - place));
  return new Set(family.slice(0, end < 0 ? family.length : end));
}
