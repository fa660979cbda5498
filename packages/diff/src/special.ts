/**
 * Values of ln n! with fifteen correct digits. From 256 on, Stirling's series is used instead, because there its fourth
 * term is below this precision.
 */
const LN_FACTORIALS = new Float64Array(256);
for (let n = 2; n < LN_FACTORIALS.length; n++) LN_FACTORIALS[n] = LN_FACTORIALS[n - 1]! + Math.log(n);
const HALF_LN_TWO_PI = 0.5 * Math.log(2 * Math.PI);

export function lnFactorial(n: number): number {
  if (n < LN_FACTORIALS.length) return LN_FACTORIALS[n]!;
  const inverse = 1 / n;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square / 1260));
  return (n + 0.5) * Math.log(n) - n + HALF_LN_TWO_PI + series;
}

export function lnChoose(n: number, k: number): number {
  return lnFactorial(n) - lnFactorial(k) - lnFactorial(n - k);
}

/** Number of levels of the continued fraction. From z = 2 on, the result has twelve correct digits. */
const LEVELS = 60;
const SERIES_BELOW = 2;

/**
 * Returns the probability that a standard normal value is at least z, for z ≥ 0. The result is accurate even where
 * computing 1 − Φ(z) would leave only rounding errors.
 */
export function normalTail(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < SERIES_BELOW) {
    let term = z;
    let sum = z;
    for (let n = 1; n < LEVELS; n++) sum += term *= (z * z) / (2 * n + 1);
    return 0.5 - density * sum;
  }
  let fraction = z;
  for (let n = LEVELS; n > 0; n--) fraction = z + n / fraction;
  return density / fraction;
}

/** Returns the z that a standard normal value exceeds with this probability. */
export function normalQuantile(tail: number): number {
  let [low, high] = [0, 40];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (normalTail(middle) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
