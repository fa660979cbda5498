/** The largest sum in which every whole number is exact. */
export const EXACT_MAX: number = Number.MAX_SAFE_INTEGER;

/** Whether a number can be the weight of a stack. */
export function isWeight(weight: number): boolean {
  return weight >= 0 && weight < Infinity;
}

/** Decimal places in the shortest text of a weight: 3 of 334.618, 0 of a whole number. */
export function decimalPlaces(weight: number): number {
  if (Number.isInteger(weight)) return 0;
  const text = String(weight);
  const exponent = text.indexOf('e-');
  const digits = exponent < 0 ? text : text.slice(0, exponent);
  const point = digits.indexOf('.');
  return (point < 0 ? 0 : digits.length - point - 1) + (exponent < 0 ? 0 : Number(text.slice(exponent + 2)));
}

/** The most places that `toFixed` accepts. */
const MOST_PLACES = 100;

/**
 * A sum without the error that doubles leave in it: 0.1 + 0.2 is 0.3. A sum of numbers has no more decimal places
 * than the longest of them.
 *
 * @param places the most decimal places of the weights that were added
 */
export function roundedSum(sum: number, places: number): number {
  return places === 0 || Number.isInteger(sum) ? sum : Number(sum.toFixed(Math.min(places, MOST_PLACES)));
}

/** A weight as plain decimal digits, never with an exponent. */
export function weightText(weight: number): string {
  const text = String(weight);
  if (!text.includes('e')) return text;
  if (weight >= 1) return BigInt(weight).toString();
  return weight.toFixed(Math.min(decimalPlaces(weight), MOST_PLACES));
}

/** Adds up weights without the error that doubles leave in their sum. */
export class WeightSum {
  #sum = 0;
  #places = 0;

  add(weight: number): void {
    this.#sum += weight;
    if (!Number.isInteger(weight)) this.#places = Math.max(this.#places, decimalPlaces(weight));
  }

  /** Adds a column of weights: an iterator over ten million takes a second. */
  addAll(weights: Float64Array): void {
    for (let i = 0; i < weights.length; i++) this.add(weights[i]!);
  }

  get value(): number {
    return this.rounded(this.#sum);
  }

  /** A sum of some of the weights that were added, without that error. */
  rounded(sum: number): number {
    return roundedSum(sum, this.#places);
  }
}
