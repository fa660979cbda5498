import { batchOf, type StackBatch } from '@stapflame/stacks';
import { onSide, StackComparison, type CompareOptions, type Comparison } from '../src/index.ts';

/** Compares two profiles, each given as stacks (`root;…;leaf`) and their counts. */
export function compare(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
  options: CompareOptions = {},
): Comparison {
  const comparison = new StackComparison();
  comparison.push(onSide(batch(before), 'before'));
  comparison.push(onSide(batch(after), 'after'));
  return comparison.finish(options);
}

export function batch(stacks: Readonly<Record<string, number>>): StackBatch {
  return batchOf(
    Object.entries(stacks).map(([stack, count]) => ({ frames: stack.split(';').reverse(), count })),
  );
}

/** Returns a generator of random numbers between 0 and 1 (xorshift). A seed always produces the same numbers. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Draws samples at random from functions with these relative frequencies. */
export function draw(
  frequencies: readonly number[],
  samples: number,
  next: () => number,
  name: (index: number) => string,
): Record<string, number> {
  const sums: number[] = [];
  let sum = 0;
  for (const frequency of frequencies) sums.push((sum += frequency));
  const counts: Record<string, number> = {};
  for (let i = 0; i < samples; i++) {
    const value = next() * sum;
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! > value) high = middle;
      else low = middle + 1;
    }
    const stack = name(low);
    counts[stack] = (counts[stack] ?? 0) + 1;
  }
  return counts;
}
