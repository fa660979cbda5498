import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { share } from '../../../testing/properties.ts';
import { mergeTraces } from '../src/index.ts';

/** Returns a stream that emits a trace in chunks of `size` bytes. */
function chunks(trace: string, size: number): Readable {
  const bytes = Buffer.from(trace);
  return Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    })(),
    { objectMode: false },
  );
}

const linesOf = (merged: string, number: number): string =>
  merged
    .split('\n')
    .filter((line) => line.startsWith(`${number}: `))
    .map((line) => `${line.slice(3)}\n`)
    .join('');

it.each([1, 2, 3, 61, 4099])(
  'keeps the lines of each trace complete and in order, for chunks of %i bytes',
  async (size) => {
    const lines = fc.array(fc.string().map((line) => line.replaceAll(/[\r\n]/g, '')));
    await fc.assert(
      fc.asyncProperty(lines, lines, async (a, b) => {
        const [first, second] = [a, b].map((all) => all.map((line) => `${line}\n`).join(''));
        const merged = await text(mergeTraces([chunks(first!, size), chunks(second!, size)]));
        expect(linesOf(merged, 0)).toBe(first);
        expect(linesOf(merged, 1)).toBe(second);
      }),
      share(0.3),
    );
  },
);

it('adds a line feed to a truncated last line, so that no line of another trace is appended to it', async () => {
  expect(await text(mergeTraces([chunks('a\nhalf', 3)]))).toBe('0: a\n0: half\n');
});

it('splits a very long line', async () => {
  const merged = await buffer(mergeTraces([chunks('x'.repeat(5 << 20), 1 << 16)]));
  for (const line of merged.toString().split('\n')) expect(line.length).toBeLessThan((1 << 20) + (1 << 17));
});

it('fails if a trace fails', async () => {
  const failing = new Readable({ read: () => failing.destroy(new Error('gone')) });
  await expect(buffer(mergeTraces([chunks('a\n', 1), failing]))).rejects.toThrow('gone');
});

it('closes the traces when the merged stream is destroyed', async () => {
  const endless = Readable.from(
    (function* () {
      for (;;) yield Buffer.from('a\n');
    })(),
    { objectMode: false },
  );
  const closed = new Promise((resolve) => endless.once('close', resolve));
  const merged = mergeTraces([endless]);
  merged.once('data', () => merged.destroy());
  await closed;
  expect(endless.destroyed).toBe(true);
});
