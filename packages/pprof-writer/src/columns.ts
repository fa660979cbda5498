import { SAMPLES, type Facts } from '@stapflame/stacks';

/** A value that every sample has: its type, its unit, and a function that computes it from the stack's two weights. */
export interface Column {
  readonly type: string;
  readonly unit: string;
  readonly value: (first: number, second: number) => number;
}

/** Units of time, with the names that pprof recognises and converts. */
const TIMES = new Map(
  Object.entries({ ns: 'nanoseconds', us: 'microseconds', ms: 'milliseconds', s: 'seconds' }),
);

/**
 * Returns the values that each sample has. pprof shows the last one unless `-sample_index` selects another, so the most
 * useful value comes last: the CPU time, or the difference in a comparison.
 */
export function columnsOf(
  { unit: counted = SAMPLES, period }: Facts,
  isComparison: boolean,
): readonly Column[] {
  const time = TIMES.get(counted);
  const unit = time ?? (counted === SAMPLES ? 'count' : counted);
  if (isComparison) {
    return [
      { type: 'before', unit, value: (before) => before },
      { type: 'after', unit, value: (_, after) => after },
      { type: 'difference', unit, value: (before, after) => after - before },
    ];
  }
  // perf reports CPU time in ns; our sampler reports time only for threads that were off the CPU, in µs
  const timeType = counted === 'ns' ? 'cpu' : 'off-cpu';
  const weights: Column = { type: time ? timeType : counted, unit, value: (weight) => weight };
  if (counted !== SAMPLES || period === undefined) return [weights];
  return [weights, { type: 'cpu', unit: 'nanoseconds', value: (weight) => weight * period }];
}
