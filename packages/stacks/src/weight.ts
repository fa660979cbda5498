import { StacksError } from './errors.ts';

/** Doubles represent whole numbers up to this number exactly. */
export const EXACT_MAX: number = Number.MAX_SAFE_INTEGER;

/** Whether a number can be a stack's weight. */
export function isWeight(weight: number): boolean {
  return weight >= 0 && weight < Infinity;
}

/** Returns the number of decimal places in a weight's shortest notation: 3 for 334.618, 0 for a whole number. */
export function decimalPlaces(weight: number): number {
  if (Number.isInteger(weight)) return 0;
  const text = String(weight);
  const exponent = text.indexOf('e-');
  const digits = exponent < 0 ? text : text.slice(0, exponent);
  const point = digits.indexOf('.');
  return (point < 0 ? 0 : digits.length - point - 1) + (exponent < 0 ? 0 : Number(text.slice(exponent + 2)));
}

/** Maximum number of decimal places that `toFixed` accepts. */
const MOST_PLACES = 100;

/**
 * Removes the floating-point rounding error from a sum, so that 0.1 + 0.2 becomes 0.3. A sum cannot have more decimal
 * places than the weights added.
 *
 * @param places the largest number of decimal places in the added weights
 */
export function roundedSum(sum: number, places: number): number {
  return places === 0 || Number.isInteger(sum) ? sum : Number(sum.toFixed(Math.min(places, MOST_PLACES)));
}

/** Returns a weight in decimal digits, never with an exponent. */
export function weightText(weight: number): string {
  const text = String(weight);
  if (!text.includes('e')) return text;
  if (weight >= 1) return BigInt(weight).toString();
  return weight.toFixed(Math.min(decimalPlaces(weight), MOST_PLACES));
}

/** Adds up weights without floating-point rounding errors. */
export class WeightSum {
  #sum = 0;
  #places = 0;

  add(weight: number): void {
    this.#sum += weight;
    if (!Number.isInteger(weight)) this.#places = Math.max(this.#places, decimalPlaces(weight));
  }

  /** Sums a column of weights without an iterator, which would take a second for ten million weights. */
  addAll(weights: Float64Array): void {
    for (let i = 0; i < weights.length; i++) this.add(weights[i]!);
  }

  /** The sum. Throws `SUM_TOO_LARGE`. */
  get value(): number {
    if (this.#sum === Infinity)
      throw new StacksError(
        'SUM_TOO_LARGE',
        "expected weights that add up to less than 1.8e308, the limit of JavaScript's numbers; leave out the stacks with the largest weights",
      );
    return this.rounded(this.#sum);
  }

  /** Removes the floating-point rounding error from a sum of some of the added weights. */
  rounded(sum: number): number {
    return roundedSum(sum, this.#places);
  }
}
