import { Budgets } from './budgets.ts';
import { Fuzzer } from './fuzzer.ts';

const CUTS = [1, 2, 3, 7, 61] as const;
/** Number of inputs, read as if they were several files, after which new stages are created. */
const ROUND = 1000;

/**
 * Selections of the costly checks: most fold their folded text again; one in four draws a picture of the input or of
 * its folded text.
 */
const TURNS = [0, 5, 5, 5, 1, 5, 5, 5] as const;

let budgets = new Budgets();
let fuzzer = new Fuzzer(budgets);

/**
 * Checks an input from a coverage-guided fuzzer (`jazzer`, libFuzzer). Its last byte selects the costly checks, and the
 * size of the pieces that it is split into.
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
