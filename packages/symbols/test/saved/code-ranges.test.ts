import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CodeRanges } from '../../src/saved/code-ranges.ts';

const range = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 30 }));

it('the last of several overlapping ranges owns the address', () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 40 }), (ranges) => {
      const starts = Float64Array.from(ranges, ([start]) => start);
      const ends = Float64Array.from(ranges, ([start, size]) => start + size);
      const found = new CodeRanges(starts, ends);
      for (let address = -60; address < 90; address++) {
        const last = ranges.findLastIndex(([start, size]) => start <= address && address < start + size);
        expect(found.find(address)).toBe(last < 0 ? undefined : last);
      }
    }),
  );
});

it('a million overlapping ranges are handled quickly', () => {
  const many = 1e6;
  const starts = Float64Array.from({ length: many }, (_, i) => many - i);
  const ends = Float64Array.from({ length: many }, (_, i) => many + i + 1);
  const ranges = new CodeRanges(starts, ends);
  expect(ranges.find(many)).toBe(many - 1);
  expect(ranges.find(1)).toBe(many - 1);
  expect(ranges.find(0)).toBeUndefined();
});
