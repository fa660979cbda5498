import { decimalPlaces, EXACT_MAX, roundedSum } from '@stapflame/stacks';

/** Sums of all added weights, by column, and their number of decimal places. */
export class WeightColumns {
  readonly #sums: number[] = [0];
  #places = 0;
  /** Whether all weights are whole numbers. */
  isWhole = true;

  /** 1; 2 after stacks with two weights were added. */
  get count(): 1 | 2 {
    return this.#sums.length > 1 ? 2 : 1;
  }

  /** From now on stacks have two weights. The weights added so far are copied to both columns. */
  addColumn(): void {
    this.#sums.push(this.#sums[0]!);
  }

  add(column: number, weight: number): void {
    this.#sums[column]! += weight;
    if (Number.isInteger(weight)) return;
    this.isWhole = false;
    this.#places = Math.max(this.#places, decimalPlaces(weight));
  }

  /** Removes the rounding errors of doubles from sums of weights; changes the array. */
  round(sums: number[]): number[] {
    if (!this.isWhole)
      for (let column = 0; column < sums.length; column++)
        sums[column] = roundedSum(sums[column]!, this.#places);
    return sums;
  }

  /** Whether a sum is too large to be exact as a double. */
  get isInexact(): boolean {
    return this.#sums.some((sum) => sum > EXACT_MAX);
  }

  get sums(): readonly number[] {
    return this.round([...this.#sums]);
  }
}
