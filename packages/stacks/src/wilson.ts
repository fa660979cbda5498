/** Lower and upper end of a share, from 0 to 1. */
export type Interval = readonly [number, number];

/** The 97.5 % point of the normal distribution: 2.5 % lie beyond it on either side. */
const Z = 1.959963984540054;

/**
 * Wilson's interval: the shares of which a draw of `all` independent samples gives `hits` with a likelihood of 95 %.
 * Unlike the textbook's `share ± 1.96 × deviation` it never leaves 0 … 1, and it does not shrink to a point if there was no hit.
 *
 * @param z how far it reaches to each side, in standard deviations; another likelihood has another
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
