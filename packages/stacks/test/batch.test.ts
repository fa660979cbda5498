import { describe, expect, it } from 'vitest';
import { batchOf, faultOf, FrameList, StackBatch, StackBuilder, type StackColumns } from '../src/index.ts';

/** Creates a batch of two valid stacks, with some columns replaced. */
function twoStacks(changed: Partial<StackColumns> = {}): StackBatch {
  const table = new FrameList();
  for (const label of ['a', 'b', 'c']) table.add({ label });
  return new StackBatch({
    table,
    frames: Uint32Array.of(2, 0, 1),
    bounds: Uint32Array.of(0, 2, 3),
    weights: [Float64Array.of(0, 1.5)],
    ...changed,
  });
}

describe('a batch is valid', () => {
  it.each([
    ['with one weight for each stack', twoStacks()],
    [
      'with two weights for each stack',
      twoStacks({ weights: [Float64Array.of(0, 1), Float64Array.of(2, 0)] }),
    ],
    ['without stacks', batchOf([])],
    ['with a frame that belongs to no stack', twoStacks({ frames: Uint32Array.of(2, 0, 1, 9) })],
  ])('%s', (_, batch) => {
    expect(faultOf(batch)).toBeUndefined();
  });
});

describe('the message about a value that is not a batch names the value:', () => {
  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [42, '42'],
    ['a 1', 'text'],
    [Buffer.from('a 1'), 'bytes'],
    [['a'], 'Array'],
    [{ frames: new Uint32Array(), bounds: [0] }, 'Object'],
    [{ frames: new Uint32Array(), bounds: new Uint32Array(1) }, 'Object'],
  ])('%o is called %s', (value, name) => {
    expect(faultOf(value as unknown as StackBatch)).toBe(
      `expected a batch of stacks (a StackBatch; batchOf makes one from samples), got ${name}`,
    );
  });
});

describe('the message about a faulty batch says what is wrong:', () => {
  const two = Float64Array.of(1, 1);
  it.each<[string, Partial<StackColumns>, string]>([
    ['no bounds', { bounds: new Uint32Array() }, 'with -1 weights each, got columns with these lengths: 2'],
    ['no weights', { weights: [] }, 'with 2 weights each, got columns with these lengths: none'],
    ['three columns', { weights: [two, two, two] }, 'got columns with these lengths: 2, 2, 2'],
    ['a short column', { weights: [two, Float64Array.of(1)] }, 'got columns with these lengths: 2, 1'],
    [
      'an empty stack',
      { bounds: Uint32Array.of(0, 2, 2) },
      'stack 2 of the batch has no frames, because its bounds are 2 and 2',
    ],
    [
      'a bound that is too large',
      { bounds: Uint32Array.of(0, 2, 4) },
      'the last bound of the batch is 4, but the batch has only 3 frames',
    ],
    [
      'an unknown frame',
      { frames: Uint32Array.of(3, 0, 1) },
      'the batch contains frame number 3, but its table has only 3 frames',
    ],
    [
      'a negative weight',
      { weights: [Float64Array.of(-1, 1)] },
      'stack 1 of the batch has the weight -1; expected',
    ],
    [
      'an infinite weight',
      { weights: [two, Float64Array.of(1, Infinity)] },
      'stack 2 of the batch has the weight Infinity; expected',
    ],
    [
      'a weight that is not a number',
      { weights: [Float64Array.of(1, Number.NaN)] },
      'stack 2 of the batch has the weight NaN; expected',
    ],
  ])('%s', (_, changed, message) => {
    expect(faultOf(twoStacks(changed))).toContain(message);
  });
});

describe('a batch', () => {
  it('is empty after it was released, and is released only once', () => {
    let releases = 0;
    const batch = twoStacks({ release: () => releases++ });
    batch.release();
    batch.release();
    expect(releases).toBe(1);
    expect([batch.length, batch.table.size, [...batch]]).toEqual([0, 0, []]);
    expect(faultOf(batch)).toBeUndefined();
  });
  it('keeps its stacks if its arrays belong to nobody else', () => {
    const batch = twoStacks();
    batch.release();
    expect(batch.length).toBe(2);
  });
});

describe('a builder', () => {
  it('keeps the stacks added before its arrays have to grow', () => {
    const builder = new StackBuilder();
    const stacks = Array.from({ length: 5000 }, (_, i) => Uint32Array.of(i, i + 1, i + 2, i + 3));
    for (const [i, ids] of stacks.entries()) builder.add(ids, 0, ids.length, i);
    expect(builder.frameCount).toBe(20_000);
    const { frames, bounds, weights } = builder.take(new FrameList());
    expect(stacks.map((_, i) => frames.slice(bounds[i], bounds[i + 1]))).toEqual(stacks);
    expect([...weights[0]!]).toEqual(stacks.map((_, i) => i));
  });
});
