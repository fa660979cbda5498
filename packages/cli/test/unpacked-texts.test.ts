import { compareNames } from '@stapflame/stacks';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mergeSortedTexts } from '../src/merge/sorted-files.ts';
import type { RootedText } from '../src/merge/texts.ts';
import { UnpackedTexts } from '../src/merge/unpacked-texts.ts';

const ROUNDS = { tmpdir: undefined, openFiles: 3 };

function merge(texts: readonly RootedText[]): string {
  let distinct = 0;
  const pieces = mergeSortedTexts(texts, ROUNDS, (more) => (distinct += more));
  const text = Array.from(pieces, (piece) => Buffer.from(piece).toString()).join('');
  expect(text.split('\n')).toHaveLength(distinct + 1);
  return text;
}

async function unpack(texts: UnpackedTexts, root: string | undefined, text: string): Promise<void> {
  const half = text.length >> 1;
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text.slice(0, half));
    yield Buffer.from(text.slice(half));
  }
  texts.add({ root, text: await texts.unpack(pieces()) });
}

it('the merged text does not depend on the limits at which waiting inputs are merged', async () => {
  const text = fc
    .dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: 1, max: 99 }))
    .map((counts) =>
      Object.entries(counts)
        .toSorted(([a], [b]) => compareNames(a, b))
        .map(([name, count]) => `${name} ${count}\n`)
        .join(''),
    );
  const rooted = fc.tuple(fc.constantFrom(undefined, 'web1', 'web2'), text);
  await fc.assert(
    fc.asyncProperty(
      fc.array(rooted, { maxLength: 20 }),
      fc.constantFrom({ bytes: 1, texts: 9 }, { bytes: 40, texts: 9 }, { bytes: 4000, texts: 2 }),
      async (given, limits) => {
        const some = new UnpackedTexts(undefined, limits);
        const all = new UnpackedTexts(undefined);
        try {
          for (const [root, each] of given) {
            await unpack(some, root, each);
            await unpack(all, root, each);
          }
          expect(merge(some.texts)).toBe(merge(all.texts));
          expect(all.texts).toHaveLength(given.length);
          if (limits.texts === 2) expect(some.texts.length).toBeLessThanOrEqual(given.length);
        } finally {
          some.remove();
          all.remove();
        }
      },
    ),
  );
});
