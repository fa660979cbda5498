import { beforeAll, describe, expect, it } from 'vitest';
import { fold, weightOf, type Folded } from '../laboratory/fold.ts';
import { prepare } from '../laboratory/machine.ts';
import { doRuns } from '../laboratory/runs.ts';

const NAME = 'a_function_whose_name_is_as_long_as_those_of_templates_are_in_real_programs_the_';
/** Recursion of the target: two functions that call each other. */
const DEPTH = 101;

describe('on two processors, with records over the 8 KiB that SystemTap hands on at once', () => {
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

  it('hands on only whole stacks: two functions that take turns, from the root to the leaf', () => {
    const stacks = deep.stacks.filter(({ frames }) => frames.some((frame) => frame.startsWith(NAME)));
    expect(stacks.length).toBeGreaterThan(0);
    for (const { frames } of stacks) {
      const turns = frames.filter((frame) => frame.startsWith(NAME));
      expect(turns.length).toBeLessThanOrEqual(DEPTH);
      expect(turns.every((frame, i) => frame === `${NAME}${i % 2 === 0 ? 'first' : 'second'}`)).toBe(true);
    }
  });
});
