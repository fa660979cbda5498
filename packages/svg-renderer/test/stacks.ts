import { FrameList, StackBatch, type Facts } from '@stapflame/stacks';
import fc from 'fast-check';
import { FlameGraphRenderer, type RendererOptions } from '../src/index.ts';

/** The labels of a stack, root first, with one weight or two. */
export type Stack = readonly [frames: readonly string[], ...weights: number[]];

/** Either one table for all batches, which grows with each batch, or a separate table for each batch. */
export type Tables = 'one that grows' | 'many';

/** Creates batches of `size` stacks lazily, so that a growing table is smaller in earlier batches. */
export function* batchesOf(
  stacks: readonly Stack[],
  size: number,
  tables: Tables,
  facts: Facts = {},
): Generator<StackBatch> {
  let table = new FrameList();
  let numbers = new Map<string, number>();
  for (let at = 0; at < stacks.length; at += size) {
    const some = stacks.slice(at, at + size);
    if (tables === 'many') {
      table = new FrameList();
      numbers = new Map();
    }
    const ids: number[] = [];
    const bounds = [0];
    for (const [frames] of some) {
      for (const label of frames.toReversed()) {
        if (!numbers.has(label)) numbers.set(label, table.add({ label }));
        ids.push(numbers.get(label)!);
      }
      bounds.push(ids.length);
    }
    const columns = some[0]!.length - 1;
    yield new StackBatch({
      table,
      frames: Uint32Array.from(ids),
      bounds: Uint32Array.from(bounds),
      weights: Array.from({ length: columns }, (_, c) =>
        Float64Array.from(some, (stack) => stack[c + 1] as number),
      ),
      facts,
    });
  }
}

export function draw(batches: Iterable<StackBatch>, options: RendererOptions = {}): string {
  const renderer = new FlameGraphRenderer(options);
  for (const batch of batches) renderer.push(batch);
  return [...renderer.finish()].join('');
}

export const textOf = (stacks: readonly Stack[]): string =>
  stacks.map(([frames, ...weights]) => `${frames.join(';')} ${weights.join(' ')}\n`).join('');

/** Compares stacks frame by frame, by the UTF-8 bytes of labels. A stack comes before longer ones that begin with it. */
export function compareStacks([a]: Stack, [b]: Stack): number {
  const at = a.findIndex((name, i) => name !== b[i]);
  if (at < 0) return a.length - b.length;
  return b[at] === undefined ? 1 : Buffer.compare(Buffer.from(a[at]!), Buffer.from(b[at]));
}

const frames = fc.array(fc.constantFrom('a', 'ab', 'b', 'foo', 'foo.isra.0', 'é', '\u{10000}', '\uffff'), {
  minLength: 1,
  maxLength: 7,
});
const weight = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 100, max: 9999 }));

export const someStacks: fc.Arbitrary<Stack[]> = fc.array(fc.tuple(frames, weight), {
  minLength: 1,
  maxLength: 60,
});
export const ways: fc.Arbitrary<[number, Tables]> = fc.tuple(
  fc.integer({ min: 1, max: 50 }),
  fc.constantFrom<Tables>('one that grows', 'many'),
);
