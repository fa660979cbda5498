import { describe, expect, it } from 'vitest';
import { faultsOf, lineOf, type Outcome } from '../../long/load.ts';
import { courseOf, type Reading } from '../../long/memory.ts';

const MIB = 2 ** 20;

/** Creates five readings a second, with memory in MiB as a function of time. */
function readings(seconds: number, mebibytes: (at: number) => number): Reading[] {
  return Array.from({ length: seconds * 5 + 1 }, (_, i) => ({ at: i / 5, bytes: mebibytes(i / 5) * MIB }));
}

function outcome(peak: number, course: readonly Reading[]): Outcome {
  return {
    measurement: { cpu: 1.25, wall: 60, rss: peak * MIB, exitCode: 0 },
    memory: { course: courseOf(course) },
    answer: 'a | b',
    faults: [],
  };
}

describe('a load passes', () => {
  it('if memory stays flat after 20 s, however it grew before', () => {
    const held = outcome(
      90,
      readings(60, (at) => (at < 10 ? at * 8 : 80 + (at % 5))),
    );
    expect(faultsOf(held)).toEqual([]);
    expect(lineOf('load', held)).toBe(String.raw`| load | 90 MiB | 85, 85 MiB | 1.3 s | 60 s | a \| b |`);
  });
});

describe('a load fails', () => {
  it('if memory grows with time', () => {
    expect(
      faultsOf(
        outcome(
          90,
          readings(60, (at) => 20 + at / 2),
        ),
      ),
    ).toEqual(['memory grew by 20.0 MiB after 20 s']);
  });
  it('if memory rises in the last seconds', () => {
    expect(
      faultsOf(
        outcome(
          90,
          readings(60, (at) => (at > 59 ? 70 : 60)),
        ),
      ),
    ).toEqual(['memory grew by 10.0 MiB after 20 s']);
  });
  it('if it ended too early to judge', () => {
    expect(
      faultsOf(
        outcome(
          90,
          readings(24, () => 60),
        ),
      ),
    ).toEqual(['ended within 25 s']);
    expect(faultsOf(outcome(90, []))).toEqual(['ended within 25 s']);
  });
  it('if the peak is over the limit, or the answer is wrong', () => {
    const wrong = {
      ...outcome(
        97,
        readings(60, () => 60),
      ),
      faults: ['exit code 1, not 0'],
    };
    expect(faultsOf(wrong)).toEqual(['exit code 1, not 0', 'peak of 97 MiB, not at most 96']);
    expect(lineOf('load', wrong)).toContain('**wrong**: exit code 1, not 0; peak');
  });
});
