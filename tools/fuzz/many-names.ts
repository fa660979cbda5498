import fc from 'fast-check';
import type { FormedTrace } from './forms.ts';

/** Symbols of different lengths, of which some share their first 16 bytes. */
const SYMBOLS = Array.from(
  { length: 100 },
  (_, i) => `${'a_rather_long_name_of_'.slice(0, (i % 4) * 8)}f${i}`,
);

interface Frame {
  readonly symbol: string;
  readonly offset: number;
  readonly isKernel: boolean;
}

const frame: fc.Arbitrary<Frame> = fc.record({
  symbol: fc.constantFrom(...SYMBOLS),
  offset: fc.nat(9),
  isKernel: fc.boolean(),
});

/**
 * Traces with far more names than fit into the tables, in the format that scanners know by their symbols. The offset is
 * part of the address, because a kernel frame at the same address as the frame before is left out.
 */
export const manyNames: fc.Arbitrary<FormedTrace> = fc
  .record({
    records: fc.array(fc.array(frame, { minLength: 1, maxLength: 20, size: 'max' }), {
      maxLength: 60,
      size: 'max',
    }),
    maxTableFrames: fc.constantFrom(16, 64),
    cut: fc.constantFrom(7, 61, 1000),
  })
  .map(({ records, maxTableFrames, cut }) => ({
    text: records.map((frames) => `${frames.map(lineOf).join('')}\t1\n`).join(''),
    options: { maxTableFrames },
    cut,
    stacks: records.map(
      (frames) =>
        `${frames
          .map(({ symbol }) => symbol)
          .reverse()
          .join(';')} 1`,
    ),
  }));

function lineOf({ symbol, offset, isKernel }: Frame, position: number): string {
  const address = `${isKernel ? 'ffffffff8' : '7f'}${((position << 16) + offset).toString(16).padStart(7, '0')}`;
  return ` 0x${address} : ${symbol}+0x${offset}/0x10 [${isKernel ? 'xfs' : '/lib/libc.so.6'}]\n`;
}
