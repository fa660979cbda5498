import type { StackBatch } from './batch.ts';
import { SAMPLES, type Facts } from './facts.ts';
import { WeightSum } from './weight.ts';
import { wilson, type Interval } from './wilson.ts';

/** The total weight that shares are computed from. */
export interface Whole {
  /** The weights' unit. */
  readonly unit: string;
  /** Weight of the added stacks. */
  readonly weight: number;
  /**
   * Weight of the stacks that a filter left out. Shares are fractions of this weight plus the weight of the added
   * stacks.
   */
  readonly filtered: number;
}

/** A weight and its share of the whole. */
export interface Share {
  readonly weight: number;
  readonly share: number;
  /** The share's 95 % confidence interval; absent if the unit is not samples. */
  readonly interval?: Interval;
}

/** Adds up all stacks' weights, and computes shares of the sum. If stacks have two weights, the second is used. */
export class ShareSums {
  readonly #weight = new WeightSum();
  #stacks = 0;
  #facts: Facts = {};

  /** Adds a batch's weights to the sum, and returns the weights. */
  add(batch: StackBatch): Float64Array {
    this.#facts = batch.facts;
    this.#stacks += batch.length;
    const weights = batch.weights.at(-1)!;
    for (const weight of weights) this.#weight.add(weight);
    return weights;
  }

  /** Number of added stacks. */
  get stacks(): number {
    return this.#stacks;
  }

  whole(): Whole {
    const { unit = SAMPLES, filtered = 0 } = this.#facts;
    return { unit, weight: this.#weight.value, filtered };
  }

  /** Removes the floating-point rounding error from a sum of some of the added weights. */
  rounded(sum: number): number {
    return this.#weight.rounded(sum);
  }

  share(sum: number): Share {
    const { unit, weight: kept, filtered } = this.whole();
    const weight = this.rounded(sum);
    const all = kept + filtered;
    const interval = unit === SAMPLES && { interval: wilson(weight, all) };
    return { weight, share: all > 0 ? weight / all : 0, ...interval };
  }
}
