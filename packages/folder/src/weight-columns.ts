import { decimalPlaces, EXACT_MAX, roundedSum } from '@stapflame/stacks';
import { FolderError } from './errors.ts';

/** The sum of the weights added to each column, and the largest number of decimal places in a weight. */
export class WeightColumns {
  readonly #sums: number[] = [0];
  #places = 0;
  /** Whether all weights are whole numbers. */
  isWhole = true;

  /** Number of weight columns: 1, or 2 once stacks with two weights have been added. */
  get count(): 1 | 2 {
    return this.#sums.length > 1 ? 2 : 1;
  }

  /** Adds a second weight column, which starts with the sum of the first. */
  addColumn(): void {
    this.#sums.push(this.#sums[0]!);
  }

  add(column: number, weight: number): void {
    const sum = (this.#sums[column]! += weight);
    if (sum === Infinity)
      throw new FolderError(
        'SUM_TOO_LARGE',
        "expected weights that add up to less than 1.8e308, the limit of JavaScript's numbers; leave out the stacks with the largest weights",
      );
    if (Number.isInteger(weight)) return;
    this.isWhole = false;
    this.#places = Math.max(this.#places, decimalPlaces(weight));
  }

  /** Removes floating-point rounding errors from sums of weights. Changes the array in place. */
  round(sums: number[]): number[] {
    if (!this.isWhole)
      for (let column = 0; column < sums.length; column++)
        sums[column] = roundedSum(sums[column]!, this.#places);
    return sums;
  }

  /** Whether a sum is too large to be represented exactly as a double. */
  get isInexact(): boolean {
    return this.#sums.some((sum) => sum > EXACT_MAX);
  }

  get sums(): readonly number[] {
    return this.round([...this.#sums]);
  }
}
