/** Compares two profiles function by function, and tests which differences are statistically significant. */
export { StackComparison, type Comparison, type Difference, type FunctionRow } from './comparison.ts';
export { DiffError, type DiffErrorCode } from './errors.ts';
export { intervalReach } from './interval.ts';
export { DEFAULT_SIGNIFICANCE, type CompareOptions } from './options.ts';
export { onSide, type Side } from './sides.ts';
export { significantParts, type PartCounts } from './parts.ts';
