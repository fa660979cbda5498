import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { share } from '../../../testing/properties.ts';
import { faultOf, FoldedReader, labelOf, leafLabelOf, weightText } from '../src/index.ts';
import { MAX_NAMES } from '../src/folded/scanner.ts';
import { READERS, readAll, SIZES, writeAll } from './text.ts';

const label = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .map((text) => leafLabelOf(labelOf(text)));
const count = fc.oneof(fc.nat(1000), fc.constantFrom(0.1, 1.5, 334.618, 1e-7, 2 ** 53));
const stacks = fc.array(fc.record({ names: fc.array(label, { minLength: 1, maxLength: 8 }), count }), {
  maxLength: 60,
});

describe.each(READERS)('folded text read by %s', (_, newReader) => {
  const reread = (text: string | Uint8Array, size?: number): string =>
    writeAll(readAll(newReader(), text, size));

  it('is written back unchanged, whatever the chunk size', () => {
    fc.assert(
      fc.property(stacks, fc.constantFrom(...SIZES), (samples, size) => {
        const text = samples.map((each) => `${each.names.join(';')} ${weightText(each.count)}\n`).join('');
        expect(reread(text, size)).toBe(text);
      }),
    );
  });
  it('keeps names that contain blanks and numbers', () => {
    const text = 'a b 1 x;c;d 3\nstd::map<int, int>;operator new[](unsigned long) 4\n42 7\n#x 1\n';
    for (const size of SIZES) expect(reread(text, size)).toBe(text);
  });
  it('may have empty names, which are labelled [empty], and lines with only a count, which are ignored', () => {
    const reader = newReader();
    expect(writeAll(readAll(reader, ';a 2\n; 5\na;; b;c 3\n 6\n\t7\n'))).toBe(
      '[empty];a 2\n[empty];[empty] 5\na;[empty];b;c 3\n',
    );
    expect(reader.summary()).toMatchObject({ stacks: 3, ignoredLines: 2, firstIgnoredLine: 4 });
  });
  it('may have any plain decimal number as a count, including `6.` and `1.50`', () => {
    const reader = newReader();
    expect(writeAll(readAll(reader, 'a 6.\nb 1.50\nc .5\nd -1\ne 0x10\ng 1.2.3\nh 5 \r\n'))).toBe(
      'a 6\nb 1.5\nh 5\n',
    );
    expect(reader.summary()).toMatchObject({ ignoredLines: 4, firstIgnoredLine: 3 });
  });
  it('may have a well-formed exponent in the last number', () => {
    const reader = newReader();
    const text = 'a 3e2\nb 1.5E+3\nc 25.e-1\nd e5\ne 1e\nf 1e+\ng 1e2.5\nh 1e400\nxe2\ni 2e3 4\n3e2\n 3e2\n';
    expect(writeAll(readAll(reader, text))).toBe('a 300\nb 1500\nc 2.5\ni 2e3 4\n');
    expect(reader.summary()).toMatchObject({ ignoredLines: 8, firstIgnoredLine: 4 });
  });
  it('may have counts above 2^53, which are rounded, and infinite counts, whose lines are ignored', () => {
    const reader = newReader();
    expect(writeAll(readAll(reader, `a 239807672958951499\nb ${'9'.repeat(400)}\n`))).toBe(
      'a 239807672958951500\n',
    );
    expect(reader.summary()).toMatchObject({ stacks: 1, ignoredLines: 1 });
  });
  it('may have two counts per line, in which case a single count is used for both columns', () => {
    for (const size of SIZES) expect(reread('b;c 1 2\na 10 0\nd 3\n', size)).toBe('b;c 1 2\na 10 0\nd 3 3\n');
  });
  it('never produces a leaf that ends in a blank and a number', () => {
    expect(reread('pool 3 4 5\n')).toBe('pool_3 4 5\n');
  });
  it('has the same label for names that differ only in unprintable characters', () => {
    const text = Buffer.concat([
      Buffer.from('a\u0001;\u001b[31mred;'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(' 1\n'),
    ]);
    for (const size of SIZES) expect(reread(text, size)).toBe('a\ufffd;\ufffd[31mred;\ufffd\ufffd 1\n');
    const [batch] = readAll(
      newReader(),
      Buffer.from([0x61, 0xff, 0x20, 0x31, 10, 0x61, 0xfe, 0x20, 0x32, 10]),
    );
    expect(batch!.frames[0]).toBe(batch!.frames[1]);
  });
  it('may begin with a complete byte order mark', () => {
    const reader = newReader();
    for (const byte of Buffer.from('\ufeffa 1\n')) reader.push(Uint8Array.of(byte));
    reader.endInput();
    reader.push(Buffer.from('\ufeffa 2'));
    reader.endInput();
    reader.push(Uint8Array.of(0xef, 0xbb));
    expect(writeAll(reader.finish())).toBe('a 1\na 2\n');
    expect(reader.summary()).toMatchObject({ ignoredLines: 1, firstIgnoredLine: 3 });
  });
  it('may contain comments, which are skipped unless they state facts or losses', () => {
    const text =
      '# x y 3\n# stapflame unit=us base=a%20b\n# stapflame incomplete lost=1 cut=2\n#\na 1\n# stapflame incomplete lost=4\n';
    const batches = readAll(newReader(), text, 7);
    expect(batches.at(-1)!.facts).toEqual({ unit: 'us', base: ['a b'], losses: { lost: 5, cut: 2 } });
  });
  it('may come from several inputs, whose facts are combined and whose units must be equal', () => {
    const reader = newReader();
    const read = (text: string): void => {
      reader.push(Buffer.from(text));
      reader.endInput();
    };
    read('# stapflame unit=us host=a\n# stapflame incomplete lost=1\nx 1\n');
    reader.push(Buffer.from('# stapflame unit=us host=b\n'));
    expect(reader.inputFacts).toEqual({ unit: 'us', host: 'b' });
    read('# stapflame incomplete lost=2\nx 1\n');
    expect(reader.take().at(-1)!.facts).toEqual({ unit: 'us', losses: { lost: 3 } });
    expect(() => read('x 1\n')).toThrow(expect.objectContaining({ code: 'MIXED_UNITS' }));
  });
  it('is read into several batches if a chunk has enough frames for them', () => {
    const text = 'a;b;c 1\n'.repeat(10_000);
    const reader = newReader();
    reader.push(Buffer.from(text));
    expect(reader.full).toBe(true);
    const batches = reader.take();
    expect(reader.full).toBe(false);
    expect(batches).toHaveLength(2);
    expect(writeAll([...batches, ...reader.finish()]) === text).toBe(true);
  });
  it('is read into a second table if it has too many names for one table', () => {
    const lines = Array.from({ length: MAX_NAMES + 10 }, (__, i) => `root;n${i} 1\n`).join('');
    const batches = readAll(newReader(), lines, 1 << 16);
    expect(new Set(batches.map(({ table }) => table)).size).toBe(2);
    expect(batches.filter((batch) => faultOf(batch) !== undefined)).toEqual([]);
    expect(writeAll(batches) === lines).toBe(true);
  });
  it('is rejected if a line is too long, and the error contains the line number', () => {
    const reader = newReader();
    const piece = Buffer.alloc(1 << 20, 'x');
    expect(() => {
      reader.push(Buffer.from('a 1\n'));
      for (let i = 0; i < 70; i++) reader.push(piece);
    }).toThrow(expect.objectContaining({ code: 'LINE_TOO_LONG', line: 2 }));
  });
});

const PIECES = [
  'a',
  'b c',
  ';',
  ';;',
  ' ',
  '\t',
  '\r',
  '\n',
  '# ',
  '#',
  '1',
  '23',
  '4.5',
  '6.',
  ' 3e2',
  'e+',
  ' 7 8',
  '\ufeff',
  'é',
  '\u0000',
];
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...PIECES).map((piece) => Buffer.from(piece)),
      fc.uint8Array({ maxLength: 4 }),
    ),
    {
      maxLength: 60,
    },
  )
  .map((pieces) => Buffer.concat(pieces));

it('both scanners read arbitrary bytes in the same way', () => {
  fc.assert(
    fc.property(anyText, fc.constantFrom(...SIZES), (bytes, size) => {
      const [wasm, plain] = READERS.map(([, newReader]) => {
        const reader = newReader();
        const batches = readAll(reader, bytes, size);
        return [writeAll(batches), batches.at(-1)!.facts, reader.summary()];
      });
      expect(wasm).toEqual(plain);
    }),
    share(3),
  );
});

it('the plain scanner is used if WebAssembly is not available', () => {
  const wasm: unknown = Reflect.get(globalThis, 'WebAssembly');
  try {
    Reflect.deleteProperty(globalThis, 'WebAssembly');
    expect(writeAll(readAll(new FoldedReader(), 'a 1\n'))).toBe('a 1\n');
  } finally {
    Reflect.set(globalThis, 'WebAssembly', wasm);
  }
});
