import { combineFacts, type Facts } from '../facts.ts';
import { EXACT_MAX } from '../weight.ts';
import type { ReadTally } from './summary.ts';

/** Facts about the stacks of all inputs that a parser has read. */
export class InputFacts {
  /** The facts that all previous inputs share. */
  #before: Facts | undefined;
  #present: Facts = {};
  #recordsBefore = 0;
  /** The last facts added: a parser may add the same object with every record. */
  #added: Facts | undefined;

  /** Adds facts about this input. */
  add(facts: Facts): void {
    if (facts !== this.#added) this.#present = { ...this.#present, ...facts };
    this.#added = facts;
  }

  /** Whether the input has no record yet. */
  #isEmpty({ records }: ReadTally): boolean {
    return records === this.#recordsBefore;
  }

  /** Ends the input. Throws `MIXED_UNITS` if its unit differs from that of earlier inputs. */
  endInput(tally: ReadTally): void {
    if (!this.#isEmpty(tally)) this.#before = this.#all();
    this.#recordsBefore = tally.records;
    this.#present = {};
    this.#added = undefined;
  }

  /** The facts, including the losses found so far. Throws `MIXED_UNITS`. */
  with(tally: ReadTally): Facts {
    const { losses } = tally;
    return {
      ...(this.#isEmpty(tally) ? this.#before : this.#all()),
      ...(Object.keys(losses).length > 0 && { losses }),
      ...(tally.weight > EXACT_MAX && { inexact: true }),
    };
  }

  #all(): Facts {
    return this.#before ? combineFacts(this.#before, this.#present) : this.#present;
  }
}
