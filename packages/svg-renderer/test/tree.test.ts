import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OtherLines } from '../src/folded/other-lines.ts';
import { MAX_FRAMES, type FoldedTree, type TreeOptions } from '../src/tree/folded-tree.ts';
import { createTree } from '../src/tree/load.ts';
import { ReferenceTree } from '../src/tree/reference.ts';
import { WasmTree } from '../src/tree/wasm.ts';

/** What a tree makes of bytes in pieces of this size, errors included. */
function outcome(make: (others: OtherLines) => FoldedTree, bytes: Uint8Array, size: number): unknown {
  try {
    const others = new OtherLines();
    const tree = make(others);
    for (let from = 0; from < bytes.length; from += size) {
      const piece = bytes.subarray(from, from + size);
      tree.space().set(piece);
      tree.advance(piece.length);
    }
    const boxes = tree.finish();
    const { stacks, distinct, weight } = tree;
    return { boxes, stacks, distinct, weight, ignored: others.ignored, incomplete: others.incomplete };
  } catch (error) {
    const { code, line, message } = error as { code?: string; line?: number; message: string };
    return { code, line, message };
  }
}

const wasm =
  (options: TreeOptions) =>
  (others: OtherLines): FoldedTree => {
    const tree = createTree(options, others);
    expect(tree).toBeInstanceOf(WasmTree);
    return tree;
  };
const plain =
  (options: TreeOptions) =>
  (others: OtherLines): FoldedTree =>
    new ReferenceTree(options, others);

const name = fc.oneof(
  fc.constantFrom('a', 'b', 'main', 'foo', 'foo.isra.0', 'operator new', '', 'a 1', 'ä', '\ufeff', '#'),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const count = fc.oneof(
  fc.integer({ min: 0, max: 300 }).map(String),
  fc.constantFrom(
    '0.1',
    '2.5',
    '007',
    '1.',
    '.5',
    '1.2.3',
    '-1',
    '1e3',
    '123456789012345678',
    '9007199254740991',
  ),
);
const line = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(fc.array(name, { minLength: 1, maxLength: 8 }), count, count) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('# note', '# stapflame incomplete lost=2 cut=1', '', ' ', '\t1', '7'),
  },
);
const text = fc
  .tuple(
    fc.array(line, { maxLength: 60 }),
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([lines, lineEnd, two, sorted, ends]) => {
    const all = lines.map((each) =>
      typeof each === 'string'
        ? each
        : `${each[0].join(';')} ${two ? `${each[1]} ${each[2]}` : each[1]}`.replaceAll('\n', '~'),
    );
    const key = (each: string): Buffer => Buffer.from(each.replaceAll(';', '\u0001'));
    if (sorted) all.sort((a, b) => Buffer.compare(key(a), key(b)));
    return all.join(lineEnd) + (ends ? lineEnd : '');
  });
const bytes = fc.oneof(
  text.map((each) => Buffer.from(each)),
  // invalid UTF-8, too
  fc
    .tuple(text, fc.uint8Array({ maxLength: 20 }))
    .map(([each, wild]) => Buffer.concat([Buffer.from(each), wild, Buffer.from('x 3\n')])),
);
const options = fc.record<TreeOptions>({
  order: fc.constantFrom('sorted', 'as it comes', 'any'),
  least: fc.constantFrom(0, 0.0001, 0.01, 0.2),
  whole: fc.constantFrom(0, 5000),
  reverse: fc.boolean(),
  base: fc.constantFrom(undefined, 'a', 'main', 'foo'),
});

it('the WebAssembly tree does what the plain one does, however its input is cut', () => {
  fc.assert(
    fc.property(bytes, options, fc.constantFrom(1, 2, 3, 61, 4099, 1 << 16), (input, given, size) => {
      expect(outcome(wasm(given), input, size)).toEqual(outcome(plain(given), input, 1 << 16));
    }),
  );
});

it('boxes that become too narrow are swept, and the names of the others stay theirs', () => {
  const lines = Array.from(
    { length: 60_000 },
    (_, i) =>
      `${String(i).padStart(6, '0')};${'x'.repeat(i % 50)};leaf ${1 + ((i * 7919) % 13) * (i % 3 ? 1 : i)}\n`,
  );
  const input = Buffer.from(lines.join(''));
  for (const order of ['sorted', 'any'] as const) {
    const given: TreeOptions = { order, least: 1 / 12_000, whole: 0, reverse: false, base: undefined };
    const size = 1 << 16;
    const found = outcome(wasm(given), input, size) as { boxes: { names: string[]; dropped: number } };
    expect(found).toEqual(outcome(plain(given), input, size));
    expect(found.boxes.dropped).toBeGreaterThan(100_000);
    expect(found.boxes.names.length).toBeGreaterThan(1000);
  }
});

const anyOrder: TreeOptions = { order: 'any', least: 0, whole: 0, reverse: false, base: undefined };

it('a line of many pieces is read whole, and one over the limit is an error with its number', () => {
  const long = Buffer.from(`a 1\n${'x'.repeat(3_000_000)};b 5\n`);
  for (const tree of [wasm(anyOrder), plain(anyOrder)]) {
    expect(outcome(tree, long, 1 << 16)).toMatchObject({ stacks: 2, weight: 6 });
  }
  const endless = Buffer.alloc((1 << 24) + 10, 'x');
  for (const tree of [wasm(anyOrder), plain(anyOrder)]) {
    expect(outcome(tree, endless, 1 << 16)).toMatchObject({ code: 'LINE_TOO_LONG', line: 1 });
  }
});

it('more different frames than a tree may hold are an error with the line that brings them', () => {
  const input = Buffer.from(Array.from({ length: MAX_FRAMES + 1 }, (_, i) => `f${i} 1\n`).join(''));
  for (const tree of [wasm(anyOrder), plain(anyOrder)]) {
    expect(outcome(tree, input, 1 << 16)).toMatchObject({ code: 'TOO_MANY_FRAMES', line: MAX_FRAMES + 1 });
  }
});

it('stacks that repeat in more lines, or in more text, than is kept in lines still come out the same', () => {
  const manyLines = Array.from({ length: 600_000 }, (_, i) => `f${i % 1000};g${i % 7} ${i % 5}\n`);
  const muchText = Array.from({ length: 40_000 }, (_, i) => `${'x'.repeat(1000)};f${i % 100} ${i % 5}\n`);
  for (const lines of [manyLines, muchText]) {
    const input = Buffer.from(lines.join(''));
    const found = outcome(wasm(anyOrder), input, 1 << 16);
    expect(found).toMatchObject({ stacks: lines.length });
    expect(found).toEqual(outcome(plain(anyOrder), input, 1 << 16));
  }
});

it('lines that are no stacks are not kept, however many they are', () => {
  const others = new OtherLines();
  const tree = wasm(anyOrder)(others);
  const comments = Buffer.from(`# ${'x'.repeat(1021)}\n`.repeat(64));
  for (let piece = 0; piece < 2048; piece++) {
    tree.space().set(comments);
    tree.advance(comments.length);
  }
  // 128 MiB were read
  expect(tree.space().buffer.byteLength).toBeLessThan(80 << 20);
});

it('a stack deeper than may be open at once is an error with its line', () => {
  const input = Buffer.from(`a 1\n${'a;'.repeat(1 << 20)}a 1\n`);
  const given: TreeOptions = { ...anyOrder, order: 'sorted' };
  for (const tree of [wasm(given), plain(given), wasm(anyOrder)]) {
    expect(outcome(tree, input, 1 << 16)).toMatchObject({ code: 'STACK_TOO_DEEP', line: 2 });
  }
});
