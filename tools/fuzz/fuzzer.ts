import { Budgets } from './budgets.ts';
import { checkFoldedAgain, fold, FoldedCheck } from './folded.ts';
import { checkFormedTrace, type FormedTrace } from './forms.ts';
import type { FuzzInput } from './inputs.ts';
import { checkPictureOf, checkPictureOfFolded } from './pictures.ts';
import { checkSymbols } from './symbols.ts';
import { TraceCheck } from './traces.ts';

/** The number of inputs for each check. */
export interface Tried {
  inputs: number;
  bytes: number;
  /** Traces that were not refused, with their stacks folded with two budgets. */
  folded: number;
  /** Traces in known formats that were read as the stacks that they were made from. */
  formed: number;
  /** Traces whose folded text was read and folded again. */
  foldedAgain: number;
  /** Inputs that were drawn as folded text, and folded traces that were drawn. */
  drawn: number;
}

/** Sends inputs through every stage, from input bytes to output bytes; throws if results differ. */
export class Fuzzer {
  readonly #traces = new TraceCheck();
  readonly #folded = new FoldedCheck();
  readonly #budgets: Budgets;
  readonly tried: Tried = { inputs: 0, bytes: 0, folded: 0, formed: 0, foldedAgain: 0, drawn: 0 };

  /** @param budgets receive the stacks of all traces, to be compared at the end */
  constructor(budgets: Budgets) {
    this.#budgets = budgets;
  }

  checkFormed(trace: FormedTrace): void {
    checkFormedTrace(trace);
    this.tried.formed++;
  }

  check(input: FuzzInput): void {
    const { tried } = this;
    const { turn } = input;
    tried.inputs++;
    tried.bytes += input.bytes.length;
    const stacks = this.#traces.check(input);
    this.#folded.check(input);
    checkSymbols(input);
    // drawing and reading a picture costs far more than reading the input
    if (turn === 0) {
      checkPictureOf(input);
      tried.drawn++;
    }
    if (!stacks || stacks.batches.length === 0) return;
    this.#budgets.add(stacks.batches);
    tried.folded++;
    if (turn % 4 !== 1) return;
    const folded = fold(stacks.batches);
    if (!('value' in folded)) return;
    checkFoldedAgain(folded.value);
    tried.foldedAgain++;
    if (turn !== 1) return;
    checkPictureOfFolded(folded.value, stacks.weight);
    tried.drawn++;
  }
}
