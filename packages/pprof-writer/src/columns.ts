import { SAMPLES, type Facts } from '@stapflame/stacks';

/** One value of every sample: what it counts, in which unit, and how it follows from the weights of a stack. */
export interface Column {
  readonly type: string;
  readonly unit: string;
  readonly value: (first: number, second: number) => number;
}

/** Units of time, by the names that pprof converts. */
const TIMES = new Map(
  Object.entries({ ns: 'nanoseconds', us: 'microseconds', ms: 'milliseconds', s: 'seconds' }),
);

/**
 * The values of samples. pprof shows the last one unless it is asked for another (`-sample_index`): for samples their
 * time, for a comparison the difference.
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
  // perf gives the clock of a CPU in ns; the sampler counts in µs, and only how long threads were off the CPU
  const timeType = counted === 'ns' ? 'cpu' : 'off-cpu';
  const weights: Column = { type: time ? timeType : counted, unit, value: (weight) => weight };
  if (counted !== SAMPLES || period === undefined) return [weights];
  return [weights, { type: 'cpu', unit: 'nanoseconds', value: (weight) => weight * period }];
}
