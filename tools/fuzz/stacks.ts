import { batchOf, type StackBatch } from '@stapflame/stacks';
import fc from 'fast-check';

const frames = (minLength: number, maxLength: number): fc.Arbitrary<number[]> =>
  fc.array(fc.nat(300), { minLength, maxLength, size: 'max' });

const stack = fc.oneof(
  { weight: 100, arbitrary: frames(1, 60) },
  { weight: 1, arbitrary: frames(500, 3000) },
);

/** Stacks of all depths, few of them equal. A few dozen of these batches exceed the smallest budget. */
export const manyStacks: fc.Arbitrary<StackBatch> = fc
  .array(stack, { maxLength: 1000, size: 'max' })
  .map((stacks) => batchOf(stacks.map((ids) => ({ frames: ids.map(String), count: 1 }))));
