import { beforeAll, describe, expect, it } from 'vitest';
import { fold, weightOf, type Folded } from '../laboratory/fold.ts';
import { prepare } from '../laboratory/machine.ts';
import { doRuns } from '../laboratory/runs.ts';

/** Matches SystemTap's name for the function in either class of a C++ template. */
const VISIT = /^_ZN6orders7storage13query_visitorILi([01])E\w+5visitEim$/;
/** Recursion depth of the target, in which two functions call each other. */
const DEPTH = 101;

describe('on two processors, with records over the 8 KiB that SystemTap passes on in one piece', () => {
  let deep: Folded;
  beforeAll(async () => {
    const options = { pid: 4100, seconds: 3, user: true, frequency: 49 } as const;
    const outcomes = await doRuns(prepare(), [{ name: 'deep', program: 'deep', options }], 2);
    deep = await fold(outcomes.get('deep')!.trace);
  });

  it('shows every record that was spliced as damaged, with its weight', () => {
    expect(weightOf(deep, '[damaged]')).toBe(deep.summary.damaged);
    expect(deep.total).toBeGreaterThan(20);
  });

  it('passes on only complete C++ stacks: two classes of a template that take turns, from the root to the leaf', () => {
    const stacks = deep.stacks.filter(({ frames }) => frames.some((frame) => VISIT.test(frame)));
    expect(stacks.length).toBeGreaterThan(0);
    for (const { frames } of stacks) {
      const turns = frames.map((frame) => VISIT.exec(frame)?.[1]).filter((turn) => turn !== undefined);
      expect(turns.length).toBeLessThanOrEqual(DEPTH);
      expect(turns.every((turn, i) => turn === String(i % 2))).toBe(true);
    }
  });
});
