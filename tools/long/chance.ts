import { onSide, significantParts, StackComparison } from '@stapflame/diff';
import { batchOf } from '@stapflame/stacks';
import { Random } from '../bench/generate/random.ts';

/** How many pairs of profiles showed a significant difference: among functions, and among boxes. */
export interface Shown {
  readonly functions: number;
  readonly boxes: number;
}

/** Draws `pairs` pairs of profiles with this many samples on each side; a seed always gives the same pairs. */
export interface Draws {
  readonly pairs: number;
  readonly seed: number;
  readonly samples: readonly [before: number, after: number];
}

/** A thousand stacks; as in a real profile, only a few are frequent. Some functions have two callers. */
const STACKS: readonly (readonly string[])[] = Array.from({ length: 1000 }, (_, i) => [
  'main',
  `module${i % 30}`,
  `f${i % 800}`,
]);
const FREQUENCIES: readonly number[] = STACKS.map((_, i) => 1 / (i + 3));
const HOT = ['main', 'hot'];

/** Both profiles of a pair come from one distribution, so whatever is significant is due to chance. */
export function shownByChance({ pairs, seed, samples: [before, after] }: Draws): Shown {
  const random = new Random(seed);
  const shown = { functions: 0, boxes: 0 };
  for (let pair = 0; pair < pairs; pair++) {
    const [one, other] = [
      draw(STACKS, FREQUENCIES, before, random),
      draw(STACKS, FREQUENCIES, after, random),
    ];
    if (significantFunctions(one, other).size > 0) shown.functions++;
    if (significantBoxes(one, other).size > 0) shown.boxes++;
  }
  return shown;
}

/** In each pair, one more function has 10 % of the samples before and 14 % after. Counts the pairs that show it. */
export function shownOfGrown({ pairs, seed, samples: [before, after] }: Draws): Shown {
  const random = new Random(seed);
  const stacks = [...STACKS, HOT];
  const sum = FREQUENCIES.reduce((all, each) => all + each, 0);
  const withHot = (share: number): readonly number[] => [...FREQUENCIES, (sum * share) / (1 - share)];
  const shown = { functions: 0, boxes: 0 };
  for (let pair = 0; pair < pairs; pair++) {
    const one = draw(stacks, withHot(0.1), before, random);
    const other = draw(stacks, withHot(0.14), after, random);
    if (significantFunctions(one, other).has('hot')) shown.functions++;
    if (significantBoxes(one, other).has(HOT.join(';'))) shown.boxes++;
  }
  return shown;
}

/** Returns how many pairs from one distribution may show something: at most 5 %, plus two standard errors. */
export function mostByChance(pairs: number): number {
  return 0.05 * pairs + 2 * Math.sqrt(0.05 * 0.95 * pairs);
}

/** Counts by stack. */
type Profile = ReadonlyMap<readonly string[], number>;

function draw(
  stacks: readonly (readonly string[])[],
  frequencies: readonly number[],
  samples: number,
  random: Random,
): Profile {
  let sum = 0;
  const sums = Float64Array.from(frequencies, (each) => (sum += each));
  const counts = new Map<readonly string[], number>();
  for (let i = 0; i < samples; i++) {
    const value = (random.bits() / 2 ** 32) * sum;
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! > value) high = middle;
      else low = middle + 1;
    }
    const stack = stacks[low]!;
    counts.set(stack, (counts.get(stack) ?? 0) + 1);
  }
  return counts;
}

function significantFunctions(before: Profile, after: Profile): ReadonlySet<string> {
  const comparison = new StackComparison();
  for (const [profile, side] of [
    [before, 'before'],
    [after, 'after'],
  ] as const) {
    const samples = Array.from(profile, ([stack, count]) => ({ frames: stack.toReversed(), count }));
    comparison.push(onSide(batchOf(samples), side));
  }
  const { rows } = comparison.finish();
  const significant = rows.filter(({ self, total }) => self.isSignificant || total.isSignificant);
  return new Set(significant.map(({ label }) => label));
}

/** Returns the significant boxes, tested as in a picture: the weights and self weights are one family of tests. */
function significantBoxes(before: Profile, after: Profile): ReadonlySet<string> {
  const boxes = new Map<string, number>();
  for (const stack of [...before.keys(), ...after.keys()]) {
    let path = '';
    for (const name of stack) {
      path += path === '' ? name : `;${name}`;
      if (!boxes.has(path)) boxes.set(path, boxes.size);
    }
  }
  const [one, other] = [before, after].map((profile) => countsOf(profile, boxes)) as [Counts, Counts];
  const results = significantParts({
    before: one.counts,
    after: other.counts,
    totalBefore: one.total,
    totalAfter: other.total,
  })!;
  const paths = [...boxes.keys()];
  return new Set(paths.filter((_, box) => results[box] === 1 || results[box + boxes.size] === 1));
}

interface Counts {
  /** First the weight of each box, then its self weight. */
  readonly counts: Float64Array;
  readonly total: number;
}

function countsOf(profile: Profile, boxes: ReadonlyMap<string, number>): Counts {
  const counts = new Float64Array(boxes.size * 2);
  let total = 0;
  for (const [stack, count] of profile) {
    let path = '';
    for (const name of stack) {
      path += path === '' ? name : `;${name}`;
      counts[boxes.get(path)!]! += count;
    }
    counts[boxes.get(path)! + boxes.size]! += count;
    total += count;
  }
  return { counts, total };
}
