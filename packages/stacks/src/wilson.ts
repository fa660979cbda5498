/** The lower and upper bounds of a share, both from 0 to 1. */
export type Interval = readonly [number, number];

/** The 97.5 % quantile of the normal distribution: 2.5 % lies above it, and 2.5 % below its negative. */
const Z = 1.959963984540054;

/**
 * Returns Wilson's interval for a share, with 95 % confidence, if `hits` of `all` independent samples are hits. Unlike
 * the textbook interval `share ± 1.96 × deviation`, Wilson's interval never leaves 0 … 1, and does not shrink to a
 * point if there are no hits.
 *
 * @param z half the interval's width in standard deviations, which determines the confidence
 */
export function wilson(hits: number, all: number, z: number = Z): Interval {
  if (all === 0) return [0, 1];
  const share = hits / all;
  const spread = (z * z) / all;
  const middle = share + spread / 2;
  const reach = z * Math.sqrt((share * (1 - share)) / all + spread / (4 * all));
  return [
    hits === 0 ? 0 : (middle - reach) / (1 + spread),
    hits === all ? 1 : (middle + reach) / (1 + spread),
  ];
}
