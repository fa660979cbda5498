import { expect, it } from 'vitest';
import { batchOf } from '../src/batch.ts';
import { FoldedWriter } from '../src/folded/writer.ts';

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
