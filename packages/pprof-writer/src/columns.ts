import { SAMPLES, type Facts } from '@stapflame/stacks';

/** One value of every sample: its type, its unit, and its computation from a stack's weights. */
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
 * The values of samples. pprof shows the last one unless another is requested (`-sample_index`): for samples their
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
  // perf gives a CPU clock in ns; our sampler gives µs, and only for the time that threads were off the CPU
  const timeType = counted === 'ns' ? 'cpu' : 'off-cpu';
  const weights: Column = { type: time ? timeType : counted, unit, value: (weight) => weight };
  if (counted !== SAMPLES || period === undefined) return [weights];
  return [weights, { type: 'cpu', unit: 'nanoseconds', value: (weight) => weight * period }];
}
