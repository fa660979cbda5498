import { FrameList, StackBatch, type Facts } from '@stapflame/stacks';
import { describe, expect, it } from 'vitest';
import { StacksInAnyOrder } from '../src/tree/any-order.ts';
import type { Boxes } from '../src/tree/boxes.ts';
import { StacksInOrder } from '../src/tree/in-order.ts';
import type { StackWalk, WalkOptions } from '../src/tree/walk.ts';
import { batchesOf, draw, type Stack } from './stacks.ts';

const EVERYTHING: WalkOptions = { least: 0, whole: 0, maxDepth: 5000, maxBoxes: 1 << 24 };

function boxesOf(walk: StackWalk, stacks: readonly Stack[], size: number): Boxes {
  for (const batch of batchesOf(stacks, size, 'many')) walk.add(batch);
  return walk.finish();
}

const nameOf = (i: number): string => `n${String(i).padStart(5, '0')}`;

describe('the boxes of sorted stacks', () => {
  it('keep their names and details when thousands of boxes of earlier tables are replaced by wider ones', () => {
    const stacks = Array.from({ length: 10_000 }, (_, i): Stack => [[nameOf(i)], i + 1]);
    const options = { ...EVERYTHING, maxBoxes: 40 };
    const limited = boxesOf(new StacksInOrder(options, 'frame'), stacks, 40);
    expect(limited.names).toEqual(stacks.slice(-40).map(([[name]]) => name));
    expect(limited).toEqual(boxesOf(new StacksInAnyOrder(options), stacks, 40));
  });
  it('are all kept if they are wide enough, however many there are', () => {
    const stacks = Array.from({ length: 40_000 }, (_, i): Stack => [[nameOf(i)], 1, 2]);
    const found = boxesOf(new StacksInOrder(EVERYTHING, 'frame'), stacks, 10_000);
    expect([found.depths.length, found.dropped]).toEqual([40_000, 0]);
    expect(found.weights.every((weight) => weight === 2)).toBe(true);
    expect(found.weightsBefore.every((weight) => weight === 1)).toBe(true);
    expect(found.changes!.every((change) => change === 1)).toBe(true);
  });
  it('of hundreds of levels are the same as for unsorted stacks', () => {
    const deep = Array.from({ length: 700 }, (_, level) => nameOf(level));
    const stacks: Stack[] = [
      [deep, 3, 4],
      [[...deep.slice(0, 300), 'x'], 1, 2],
    ];
    const found = boxesOf(new StacksInOrder(EVERYTHING, 'frame'), stacks, 1);
    expect(found.depths.length).toBe(701);
    expect(found).toEqual(boxesOf(new StacksInAnyOrder(EVERYTHING), stacks, 1));
  });
  it('are absent if no batch has a stack', () => {
    const walk = new StacksInOrder(EVERYTHING, 'frame');
    const columns = { table: new FrameList(), frames: new Uint32Array(0), bounds: Uint32Array.of(0) };
    walk.add(new StackBatch({ ...columns, weights: [new Float64Array(0)] }));
    expect(walk.finish()).toMatchObject({ total: 0, names: [], dropped: 0, isComparison: false });
  });
});

describe('stacks whose table numbers its frames in order', () => {
  const facts: Facts = { order: 'frame' };
  function batchOf(inOrder: boolean, ...frames: number[]): StackBatch {
    const table = new FrameList(inOrder);
    for (const label of ['a', 'b', 'c']) table.add({ label });
    return new StackBatch({
      table,
      frames: Uint32Array.from(frames),
      bounds: Uint32Array.from({ length: frames.length + 1 }, (_, i) => i),
      weights: [new Float64Array(frames.length).fill(1)],
      facts,
    });
  }
  it('are drawn like any others', () => {
    expect(draw([batchOf(true, 0, 1, 2)])).toBe(draw([batchOf(false, 0, 1, 2)]));
  });
  it('cause an error with the number of the stack if they are out of order', () => {
    expect(() => draw([batchOf(true, 0, 2, 1)])).toThrow(
      expect.objectContaining({ code: 'UNSORTED', line: 3 }),
    );
  });
});
