/** Counts, with their expected shares. */
export interface Counted {
  readonly counts: readonly number[];
  /** They add up to 1. */
  readonly shares: readonly number[];
}

/** Returns how far each count is from the expected one, in standard deviations of a binomial count. */
export function deviations({ counts, shares }: Counted): readonly number[] {
  const all = sum(counts);
  return counts.map(
    (count, i) => (count - all * shares[i]!) / Math.sqrt(all * shares[i]! * (1 - shares[i]!)),
  );
}

/** Returns chi-square over several runs, its degrees of freedom, and the probability of a larger value by chance. */
export function chiSquare(runs: readonly Counted[]): {
  readonly value: number;
  readonly degrees: number;
  readonly p: number;
} {
  const value = sum(
    runs.map(({ counts, shares }) => {
      const all = sum(counts);
      return all === 0
        ? 0
        : sum(counts.map((count, i) => (count - all * shares[i]!) ** 2 / (all * shares[i]!)));
    }),
  );
  const degrees = sum(runs.map(({ counts }) => counts.length - 1));
  return { value, degrees, p: chiSquareBeyond(value, degrees) };
}

/** Names that are expected less often than this in either of two runs are counted together. */
const LEAST_EXPECTED = 5;

/** Returns chi-square for the hypothesis that names have the same shares in both runs. */
export function homogeneity(
  a: ReadonlyMap<string, number>,
  b: ReadonlyMap<string, number>,
): { readonly value: number; readonly degrees: number; readonly p: number } {
  const [ofA, ofB] = [sum([...a.values()]), sum([...b.values()])];
  const least = Math.min(ofA, ofB) / (ofA + ofB);
  const cells: (readonly [number, number])[] = [];
  let rest = [0, 0] as readonly [number, number];
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    const [inA, inB] = [a.get(name) ?? 0, b.get(name) ?? 0];
    if ((inA + inB) * least >= LEAST_EXPECTED) cells.push([inA, inB]);
    else rest = [rest[0] + inA, rest[1] + inB];
  }
  if (rest[0] + rest[1] > 0) cells.push(rest);
  const value = sum(cells.map(([inA, inB]) => (inA * ofB - inB * ofA) ** 2 / (ofA * ofB * (inA + inB))));
  const degrees = cells.length - 1;
  return { value, degrees, p: degrees < 1 ? 1 : chiSquareBeyond(value, degrees) };
}

/** Returns whether Holm's method rejects each hypothesis, at this level for all hypotheses together. */
export function refusedByHolm(ps: readonly number[], level: number): readonly boolean[] {
  const order = ps.map((_, i) => i).sort((a, b) => ps[a]! - ps[b]!);
  const refused = ps.map(() => false);
  for (const [rank, i] of order.entries()) {
    if (ps[i]! > level / (ps.length - rank)) break;
    refused[i] = true;
  }
  return refused;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Returns the upper tail of the chi-square distribution: the incomplete gamma function Q(degrees / 2, value / 2). */
function chiSquareBeyond(value: number, degrees: number): number {
  const [a, x] = [degrees / 2, value / 2];
  if (x === 0) return 1;
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    // the series of P
    let [term, total] = [1 / a, 1 / a];
    for (let n = 1; term > total * 1e-15; n++) total += term *= x / (a + n);
    return 1 - scale * total;
  }
  // the continued fraction of Q, by Lentz's method
  let b = x + 1 - a;
  let [c, d] = [1e300, 1 / b];
  let fraction = d;
  for (let n = 1; n < 1000; n++) {
    const factor = n * (a - n);
    b += 2;
    d = 1 / (factor * d + b);
    c = b + factor / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return scale * fraction;
}

/** Returns the logarithm of the gamma function at a multiple of one half. */
function logGamma(a: number): number {
  let value = Number.isInteger(a) ? 0 : Math.log(Math.PI) / 2;
  for (let n = Number.isInteger(a) ? 1 : 0.5; n < a; n++) value += Math.log(n);
  return value;
}
