import { batchOf, type StackBatch } from '@stapflame/stacks';
import fc from 'fast-check';

const frames = (minLength: number, maxLength: number): fc.Arbitrary<number[]> =>
  fc.array(fc.nat(300), { minLength, maxLength, size: 'max' });

const stack = fc.oneof(
  { weight: 100, arbitrary: frames(1, 60) },
  { weight: 1, arbitrary: frames(500, 3000) },
);

/**
 * Stacks of all depths, few of them equal, with names from one of forty programs. A few of these batches exceed the
 * smallest budget, for stacks and for names.
 */
export const manyStacks: fc.Arbitrary<StackBatch> = fc
  .record({ stacks: fc.array(stack, { maxLength: 1000, size: 'max' }), program: fc.nat(39) })
  .map(({ stacks, program }) =>
    batchOf(stacks.map((ids) => ({ frames: ids.map((id) => `${id} of ${program}`), count: 1 }))),
  );
