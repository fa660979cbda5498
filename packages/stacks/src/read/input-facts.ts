import { combineFacts, type Facts } from '../facts.ts';
import { EXACT_MAX } from '../weight.ts';
import type { ReadTally } from './summary.ts';

/** Facts about the stacks in all inputs that a parser has read. */
export class InputFacts {
  /** The facts that are the same in all previous inputs. */
  #before: Facts | undefined;
  #present: Facts = {};
  #recordsBefore = 0;
  /** The object that was added last. A parser may add the same object for every record, but it is merged only once. */
  #added: Facts | undefined;

  /** Adds facts about the current input. */
  add(facts: Facts): void {
    if (facts !== this.#added) this.#present = { ...this.#present, ...facts };
    this.#added = facts;
  }

  /** Whether no record has been read from the current input yet. */
  #isEmpty({ records }: ReadTally): boolean {
    return records === this.#recordsBefore;
  }

  /** Ends the current input. Throws `MIXED_UNITS` if its unit differs from that of earlier inputs. */
  endInput(tally: ReadTally): void {
    if (!this.#isEmpty(tally)) this.#before = this.#all();
    this.#recordsBefore = tally.records;
    this.#present = {};
    this.#added = undefined;
  }

  /** Returns the facts about all inputs so far, including the losses. Throws `MIXED_UNITS` if the units differ. */
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
