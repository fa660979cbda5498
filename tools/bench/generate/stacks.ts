import { FUNCTIONS, lineOf, NAMED, SITES, type Program } from './program.ts';
import type { Random } from './random.ts';

/** The minimum and maximum number of frames in a stack; 30 on average, as our design assumes for C++ servers. */
export const MIN_DEPTH = 16;
export const MAX_DEPTH = 44;

/** The number of distinct stacks, 2^27: stacks with different numbers differ in the names of the last three frames. */
export const MOST_STACKS: number = NAMED ** 3;

/** Odd, so that multiplying by it permutes the numbers below {@link MOST_STACKS}. */
const SPREAD = 0x9e3779b1;

/**
 * Writes the line numbers of stack `number`, leaf first, into `lines`, and returns how many there are. The root end is
 * a walk along the program's calls, which have different probabilities (60 %, 30 %, 10 %).
 */
export function writeStack(program: Program, random: Random, number: number, lines: Uint16Array): number {
  const depth = MIN_DEPTH + random.below(MAX_DEPTH - MIN_DEPTH + 1);
  const spread = Math.imul(number, SPREAD) & (MOST_STACKS - 1);
  let fn = FUNCTIONS - 1;
  for (let frame = depth - 1; frame > 2; frame--) {
    const chance = random.bits() % 10;
    const site = chance < 6 ? 0 : chance < 9 ? 1 : 2;
    lines[frame] = lineOf(fn, site);
    fn = program.callees[fn * SITES + site]!;
  }
  lines[2] = lineOf(spread % NAMED, number % SITES);
  lines[1] = lineOf(Math.floor(spread / NAMED) % NAMED, number % SITES);
  lines[0] = lineOf(Math.floor(spread / NAMED ** 2), SITES + (number % SITES));
  return depth;
}
