import { faultOf, SAMPLES, WeightSum, type Facts, type StackBatch } from '@stapflame/stacks';
import { TablesError } from './errors.ts';
import { wilson, type Interval } from './wilson.ts';

/** The profile that a table shows. */
export interface Whole {
  /** What weights count. */
  readonly unit: string;
  /** Weight of the stacks that came in. */
  readonly weight: number;
  /** Weight of the stacks that a filter left out. Shares are of both together. */
  readonly filtered: number;
}

/** A weight as a share of the whole. */
export interface Share {
  readonly weight: number;
  readonly share: number;
  /** The 95 % interval of the share; absent if weights are not samples. */
  readonly interval?: Interval;
}

/** Sums the weights of stacks; if they have two, the second. */
export class Sums {
  #stacks = 0;
  readonly #weight = new WeightSum();
  #facts: Facts = {};

  /** Checks a batch and returns its weights. */
  add(batch: StackBatch): Float64Array {
    const fault = faultOf(batch);
    if (fault !== undefined) throw new TablesError('INVALID_STACKS', fault);
    this.#facts = batch.facts;
    this.#stacks += batch.length;
    const weights = batch.weights.at(-1)!;
    for (const weight of weights) this.#weight.add(weight);
    return weights;
  }

  /** A sum of some of the weights, cleared of the rounding error of doubles. */
  rounded = (sum: number): number => this.#weight.rounded(sum);

  /** Throws `EMPTY_INPUT` if there was no stack. */
  whole(): Whole {
    if (this.#stacks === 0) throw new TablesError('EMPTY_INPUT', 'expected stacks, found none');
    const { unit = SAMPLES, filtered = 0 } = this.#facts;
    return { unit, weight: this.#weight.value, filtered };
  }

  share(sum: number): Share {
    const { unit, weight: kept, filtered } = this.whole();
    const weight = this.rounded(sum);
    const all = kept + filtered;
    const interval = unit === SAMPLES && { interval: wilson(weight, all) };
    return { weight, share: all > 0 ? weight / all : 0, ...interval };
  }
}
