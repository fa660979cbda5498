import { describe, expect, it } from 'vitest';
import { batchOf } from '../src/batch.ts';
import { FoldedWriter } from '../src/folded/writer.ts';
import { writeAll } from './text.ts';

const DEPTH = 20_000;
const frames = Array.from({ length: DEPTH }, (_, level) => `frame_${level}`);
const samples = [
  { frames: frames.slice(-3), count: 1 },
  { frames, count: 2 },
  { frames: ['leaf', ...frames], count: 3 },
  { frames: frames.slice(-2), count: 4 },
];

it('writes a deep stack in chunks, between stacks that begin with the same frames', () => {
  const pieces = Array.from(new FoldedWriter({ plain: true }).write(batchOf(samples)), (piece) =>
    Buffer.from(piece),
  );
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(1 << 17);
  expect(Buffer.concat(pieces).toString().trimEnd().split('\n')).toEqual(
    samples.map((sample) => `${sample.frames.toReversed().join(';')} ${sample.count}`),
  );
});

it('writes names that are too long or too many to be kept', () => {
  const long = ['x', 'y', 'z'].map((letter) => letter.repeat(400_000));
  const many = Array.from({ length: 15 }, (_, i) => `n${i}-`.repeat(80_000));
  const given = [
    { frames: ['leaf', ...many], count: 1 },
    { frames: [long[0]!, 'a', long[1]!], count: 2 },
    { frames: [long[2]!, 'a', long[1]!], count: 3 },
    { frames: ['other leaf', ...many], count: 4 },
    { frames: many.toReversed(), count: 5 },
  ];
  const written = writeAll([batchOf(given)])
    .trimEnd()
    .split('\n');
  const expected = given.map((sample) => `${sample.frames.toReversed().join(';')} ${sample.count}`);
  expect(written.map((line, i) => line === expected[i])).toEqual(given.map(() => true));
});

describe('losses that become known after the first batch', () => {
  const lost = { lost: 2 };
  const batches = [{}, { losses: lost }].map((facts) => batchOf([{ frames: ['a'], count: 1 }], facts));

  it('are written at the end', () => {
    expect(writeAll(batches)).toBe('a 1\na 1\n# stapflame incomplete lost=2\n');
  });
  it('are not written if comments are left out', () => {
    expect(writeAll(batches, { plain: true })).toBe('a 1\na 1\n');
  });
  it('are not written again if the first batch already had them', () => {
    const same = [1, 2].map((count) => batchOf([{ frames: ['a'], count }], { losses: lost }));
    expect(writeAll(same)).toBe('# stapflame incomplete lost=2\na 1\na 2\n');
  });
});
