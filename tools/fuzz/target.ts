import { Budgets } from './budgets.ts';
import { Fuzzer } from './fuzzer.ts';

const CUTS = [1, 2, 3, 7, 61] as const;
/** Inputs for which the stages go on, as they do over several files; then they are made anew. */
const ROUND = 1000;

/** Which costly checks: most fold again what they folded; one in four is drawn, as it is or as what it folds to. */
const TURNS = [0, 5, 5, 5, 1, 5, 5, 5] as const;

let budgets = new Budgets();
let fuzzer = new Fuzzer(budgets);

/**
 * An input of a coverage-guided fuzzer (`jazzer`, libFuzzer). Its last byte says into what pieces it is cut and
 * which costly checks it meets.
 */
export function fuzz(data: Uint8Array): void {
  const choice = data.at(-1) ?? 0;
  fuzzer.check({
    bytes: data.subarray(0, -1),
    cut: CUTS[choice % CUTS.length]!,
    turn: TURNS[choice % TURNS.length]!,
  });
  if (fuzzer.tried.inputs < ROUND) return;
  budgets.compare();
  budgets = new Budgets();
  fuzzer = new Fuzzer(budgets);
}
