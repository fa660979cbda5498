import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFolder, FoldedReader, readFolded, StackFolder, type FolderOptions } from '../src/index.ts';
import { MIN_MEMORY } from '../src/options.ts';
import { fold, MemoryStore, reference } from './fold.ts';

const SIZES = [1, 2, 3, 61, 4099, 1 << 20];

/** Reads folded text in pieces of `size` bytes and folds it. */
function refold(
  text: string | Uint8Array,
  size: number,
  options: FolderOptions = {},
): { folded: string; reader: FoldedReader; folder: StackFolder } {
  const reader = new FoldedReader();
  const bytes = Buffer.from(text);
  const folder = new StackFolder(new MemoryStore(), options);
  for (let at = 0; at < bytes.length; at += size) {
    reader.push(bytes.subarray(at, at + size));
    for (const batch of reader.take()) folder.add(batch);
  }
  reader.endInput();
  for (const batch of reader.take()) folder.add(batch);
  return { folded: Buffer.concat([...folder.finish()]).toString(), reader, folder };
}

const label = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => !/[;\u0000-\u001f\u007f]|^\s|\s$|^#/.test(text));
const stacks = fc.array(
  fc.record({ frames: fc.array(label, { minLength: 1, maxLength: 8 }), count: fc.nat(1000) }),
  { maxLength: 60 },
);

it('gives back what the folder wrote, however it is cut', () => {
  fc.assert(
    fc.property(stacks, fc.constantFrom(...SIZES), (samples, size) => {
      const folded = fold(samples);
      expect(refold(folded, size).folded).toBe(folded);
    }),
  );
});

it('merges and sorts lines of any order', () => {
  fc.assert(
    fc.property(stacks, fc.constantFrom(...SIZES), (samples, size) => {
      const lines = samples.map(({ frames, count }) => `${frames.toReversed().join(';')} ${count}\n`);
      expect(refold(lines.join(''), size).folded).toBe(reference(samples));
    }),
  );
});

it('keeps names that hold blanks, numbers and nothing at all', () => {
  const folded = ';a 2\na b 1 x;c;;d 3\nstd::map<int, int>;operator new[](unsigned long) 4\n';
  for (const size of SIZES) expect(refold(folded, size).folded).toBe(folded);
});

it('counts what is no stack and adds up what was lost', () => {
  const { folded, reader } = refold(
    'a;b 1\r\nnonsense\n\n# x y 3\na 2\na -1\nb 0x10\n# stapflame incomplete lost=1 cut=2\n# stapflame incomplete lost=4\n',
    7,
  );
  expect(folded).toBe('a 2\na;b 1\n');
  expect(reader.summary()).toMatchObject({ stacks: 2, ignoredLines: 3, firstIgnoredLine: 2 });
  expect([...reader.summary().incomplete]).toEqual([
    ['lost', 5],
    ['cut', 2],
  ]);
});

it('sums both counts of a differential text', () => {
  for (const size of SIZES) {
    const { folded, folder } = refold('b;c 1 2\na 10 0\nb;c 4 8\n', size);
    expect(folded).toBe('a 10 0\nb;c 5 10\n');
    expect(folder.summary().weights).toEqual([15, 10]);
  }
});

it('takes one count among lines with two as unchanged, wherever it stands', () => {
  const single = Array.from({ length: 3000 }, (_, i) => `f${i % 1500};g 1\n`).join('');
  const double = Array.from({ length: 3000 }, (_, i) => `f${i % 1500};g 3 5\n`).join('');
  for (const text of [single + double, double + single]) {
    const { folded } = refold(text, 4099);
    expect(folded.split('\n', 1)[0]).toBe('f0;g 8 12');
    expect(
      new Set(
        folded
          .trimEnd()
          .split('\n')
          .map((line) => line.replace(/^\S+/, '')),
      ),
    ).toEqual(new Set([' 8 12']));
  }
});

it('takes one count as unchanged in runs on disk, too', () => {
  const lines = (count: string): string =>
    Array.from({ length: 40_000 }, (_, i) => `a${i};b;c;d;e;f;g;h ${count}\n`).join('');
  const { folded, folder } = refold(lines('1') + lines('2 3'), 1 << 16, { memory: MIN_MEMORY });
  expect(folder.summary().spilledRuns).toBeGreaterThan(2);
  expect(
    folded
      .trimEnd()
      .split('\n')
      .every((line) => line.endsWith(' 3 4')),
  ).toBe(true);
});

it('shows control characters and invalid UTF-8 as U+FFFD', () => {
  const text = Buffer.concat([
    Buffer.from('a\u0001b;\u001b[31mred;'),
    Buffer.from([0xff, 0xfe]),
    Buffer.from(' 1\n'),
  ]);
  for (const size of SIZES) expect(refold(text, size).folded).toBe('a\ufffdb;\ufffd[31mred;\ufffd\ufffd 1\n');
});

it('leaves out the byte order mark of each input', () => {
  const reader = new FoldedReader();
  for (const byte of Buffer.from('\ufeffa 1\n')) reader.push(Uint8Array.of(byte));
  reader.endInput();
  reader.push(Buffer.from('\ufeffa 2'));
  reader.endInput();
  const folder = new StackFolder(new MemoryStore());
  for (const batch of reader.take()) folder.add(batch);
  expect(Buffer.concat([...folder.finish()]).toString()).toBe('a 3\n');
});

it('takes a part of a byte order mark for what it is, whatever was read before', () => {
  const reader = new FoldedReader();
  for (const byte of Buffer.from('\ufeffa 1\n')) reader.push(Uint8Array.of(byte));
  reader.endInput();
  reader.push(Uint8Array.of(0xef, 0xbb));
  reader.endInput();
  expect(reader.summary()).toMatchObject({ stacks: 1, ignoredLines: 1, firstIgnoredLine: 2 });
});

it('goes on with a new table where there are too many names for one', () => {
  const lines = Array.from({ length: 100_000 }, (_, i) => `root;n${i} 1\n`);
  const { folded } = refold(lines.join(''), 1 << 16);
  expect(folded.split('\n').sort()).toEqual(`${lines.join('')}`.split('\n').sort());
});

it('refuses what is no folded text rather than keep it', () => {
  const error = (text: string, size: number): unknown => {
    try {
      return refold(text, size).folded;
    } catch (reason) {
      return (reason as { code: string }).code;
    }
  };
  expect(error(`a ${'9'.repeat(1e5)}\n`, 1 << 16)).toBe('SUM_TOO_LARGE');
});

it('reads a stack of more different names than a table holds, and one of a million frames', () => {
  for (const [depth, names] of [
    [150_000, 150_000],
    [1_000_000, 1000],
  ] as const) {
    const line = `${Array.from({ length: depth }, (_, i) => `function_${i % names}`).join(';')} 1\n`;
    const { folded } = refold(`${line}a 1\n${line}`, 1 << 16);
    expect(folded === `a 1\n${line.replace(/1\n$/, '2\n')}`).toBe(true);
  }
});

it('refuses a line over the limit before it is kept, and says how to allow it', () => {
  const reader = new FoldedReader({ maxLineLength: 1000 });
  reader.push(Buffer.from(`${'a;'.repeat(400)}b 1\n`));
  reader.push(Buffer.from('a;'.repeat(400)));
  expect(() => reader.push(Buffer.from('a;'.repeat(400)))).toThrow(
    expect.objectContaining({
      code: 'LINE_TOO_LONG',
      message: expect.stringMatching(/^line 2 is over 1000 bytes.*--max-line-length/) as string,
    }),
  );
});

it('merged stacks are the same in columns as in text, from memory, disk and runs of text', () => {
  const many = (names: number): string =>
    Array.from({ length: 30_000 }, (_, i) => `r;é${i % names};c;${i % 7} ${1 + (i % 3)}\n`).join('');
  for (const [text, options, runs] of [
    [many(300), {}, 0],
    [many(20_000), { memory: MIN_MEMORY }, 2],
    [many(30_000) + many(30_000).replaceAll('é', 'ü') + many(30_000).replaceAll('é', 'ö'), {}, 1],
  ] as const) {
    const folderOf = (): StackFolder => {
      const reader = new FoldedReader();
      const folder = new StackFolder(new MemoryStore(), { ...options, comment: () => '# lost' });
      reader.push(Buffer.from(text));
      for (const batch of reader.take()) folder.add(batch);
      return folder;
    };
    const folder = folderOf();
    let columns = '';
    for (const batch of folder.finishColumns()) {
      for (let i = 0; i < batch.bounds.length - 1; i++) {
        const ids = [...batch.frames.subarray(batch.bounds[i], batch.bounds[i + 1])].reverse();
        columns += `${ids.map((id) => batch.table.labels[id]).join(';')} ${batch.weights[0]![i]}\n`;
      }
      if (batch.comment !== undefined) columns += `${batch.comment}\n`;
      batch.release?.();
    }
    expect(columns === Buffer.concat([...folderOf().finish()]).toString()).toBe(true);
    expect(folder.summary().spilledRuns).toBeGreaterThanOrEqual(runs);
  }
});

it('reads several texts straight from their sources, each to its last line', async () => {
  const source = (folded: string, size: number): { read: (into: Uint8Array) => number | Promise<number> } => {
    const bytes = Buffer.from(folded);
    let at = 0;
    return {
      read: (into) => {
        const length = bytes.copy(into, 0, at, at + size);
        at += length;
        return size % 2 === 0 ? length : Promise.resolve(length);
      },
    };
  };
  for (const size of [1, 2, 61, 64]) {
    const reader = readFolded([source('b;c 1\na 2', size), source('a 3\nwhat\n', size)]);
    expect(await text(reader.pipe(createFolder()))).toBe('a 5\nb;c 1\n');
    expect(reader.summary).toMatchObject({ stacks: 3, ignoredLines: 1, firstIgnoredLine: 4 });
  }
});
