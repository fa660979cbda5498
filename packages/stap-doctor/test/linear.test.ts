import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { share } from '../../../testing/properties.ts';
import { Doctor } from '../src/doctor.ts';
import { ENTRIES } from '../src/messages/table.ts';
import { pumped } from './pumped.ts';

/** Length of the strings. The doctor applies patterns to strings of at most twice this length. */
const LENGTH = 1 << 15;
/**
 * Limit in milliseconds. For strings of this length, quadratic patterns take at least 170 ms, linear ones under 1 ms.
 */
const MOST = 60;

/** Measures a match's CPU time in milliseconds, which other load on the machine hardly affects. */
function timeOf(pattern: RegExp, text: string): number {
  let best = Infinity;
  for (let attempt = 0; attempt < 5 && best > MOST; attempt++) {
    const from = process.cpuUsage();
    pattern.exec(text);
    const { user, system } = process.cpuUsage(from);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

const patterns = ENTRIES.flatMap(({ code, patterns: own, continues }) =>
  [...own, ...(continues === undefined ? [] : [continues])].map((pattern) => ({ code, pattern })),
);

it.each(patterns)('$code: $pattern matches in linear time', ({ pattern }) => {
  fc.assert(
    fc.property(pumped(pattern, LENGTH), (text) => {
      expect(timeOf(pattern, text)).toBeLessThan(MOST);
    }),
    share(1),
  );
});

describe('lines that once took quadratic time', () => {
  it.each([
    ['ERROR: module version mismatch (', ' vs '],
    ['WARNING: x', 'stapio'],
    ['Checking "/x/', 'build/'],
    ['In file included from /x/', 'runtime/'],
    ['', 'PYCURL ERROR 22 '],
    ["WARNING: Missing unwind data for module, rerun with 'stap -d ", '.#prelink#.a'],
    ['', 'attach: ptrace(PTRACE_SEIZE'],
  ])('are read quickly, as one long line or as many lines: %s%s…', (before, pump) => {
    const line = before + pump.repeat((1 << 20) / pump.length);
    const from = process.cpuUsage();
    const doctor = new Doctor();
    doctor.read(line);
    for (let i = 0; i < 128; i++) doctor.read(`${line.slice(0, 8180)}${i}`);
    expect(doctor.findings.length).toBeLessThan(2);
    const { user, system } = process.cpuUsage(from);
    expect(user + system).toBeLessThan(800_000);
  });
});
