/** One test of a family. */
export interface FamilyTest {
  readonly p: number;
  /** The smallest p-value that this test could have had, whether there is a difference or not. */
  readonly least: number;
}

/**
 * The significant tests. If nothing differs, the chance that any test is significant is at most `level`, however the
 * tests depend on each other: Holm's correction over the tests that could be significant at all (Tarone). Of ten
 * thousand functions, most have only a few samples; correcting for those, too, would hide the differences of the
 * others.
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
