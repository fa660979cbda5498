import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OtherLines } from '../src/folded/other-lines.ts';
import type { Boxes } from '../src/tree/boxes.ts';
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

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

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
const anyOrder: TreeOptions = {
  order: 'any',
  least: 0,
  whole: 0,
  reverse: false,
  base: undefined,
  maxDepth: 5000,
  maxLineLength: 1 << 24,
};

const options = fc.record<TreeOptions>({
  order: fc.constantFrom('sorted', 'as it comes', 'any'),
  least: fc.constantFrom(0, 0.0001, 0.01, 0.2),
  whole: fc.constantFrom(0, 5000),
  reverse: fc.boolean(),
  base: fc.constantFrom(undefined, 'a', 'main', 'foo'),
  maxDepth: fc.constantFrom(1, 2, 3, 5, 5000),
  maxLineLength: fc.constant(1 << 20),
});

it('the WebAssembly tree does what the plain one does, however its input is cut', () => {
  fc.assert(
    fc.property(bytes, options, fc.constantFrom(1, 2, 3, 61, 4099, 1 << 16), (input, given, size) => {
      expect(outcome(wasm(given), input, size)).toEqual(outcome(plain(given), input, 1 << 16));
    }),
    { numRuns: 2000 },
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
    const given: TreeOptions = { ...anyOrder, order, least: 1 / 12_000 };
    const size = 1 << 16;
    const found = outcome(wasm(given), input, size) as { boxes: { names: string[]; dropped: number } };
    expect(found).toEqual(outcome(plain(given), input, size));
    expect(found.boxes.dropped).toBeGreaterThan(100_000);
    expect(found.boxes.names.length).toBeGreaterThan(1000);
  }
});

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

it('the weight of frames that are too deep is kept where a tree is walked, also of those that are narrow', () => {
  const lines = Array.from(
    { length: 20_000 },
    (_, i) => `f${i % 10};g${i % 7};h${i % 30};x;${'i;'.repeat(i % 5)}k${i % 977} ${i % 5} ${i % 4}\n`,
  );
  // merging from the leaf is what takes a tree, so that these are turned around first
  const input = Buffer.from(
    lines.map((line) => line.replace(/^\S+/, (stack) => stack.split(';').reverse().join(';'))).join(''),
  );
  for (const least of [0, 1 / 500]) {
    const given: TreeOptions = { ...anyOrder, least, maxDepth: 4, reverse: true };
    const found = outcome(wasm(given), input, 1 << 16) as { boxes: Boxes; weight: number };
    expect(found).toEqual(outcome(plain(given), input, 1 << 16));
    const { selfs, deepers } = found.boxes;
    expect(sum(selfs) + sum(deepers)).toBe(found.weight);
    expect(sum(deepers)).toBeGreaterThan(0);
  }
});

it('a stack of a million frames is drawn up to the last level, in memory for its text and those', () => {
  const deep = 'function_12;'.repeat(1_000_000);
  const input = Buffer.from(`a 1\n${deep}a 1\n${deep}b 2\n`);
  for (const order of ['sorted', 'as it comes', 'any'] as const) {
    const given: TreeOptions = { ...anyOrder, order };
    const others = new OtherLines();
    const tree = wasm(given)(others);
    for (let from = 0; from < input.length; from += 1 << 16) {
      const piece = input.subarray(from, from + (1 << 16));
      tree.space().set(piece);
      tree.advance(piece.length);
    }
    expect(tree.space().buffer.byteLength).toBeLessThan(input.length * 2.5 + (4 << 20));
    expect(tree.finish().depths.length).toBe(5001);
    expect(tree).toMatchObject({ stacks: 3, distinct: 3, weight: 4 });
    if (order !== 'any')
      expect(outcome(plain(given), input, 1 << 16)).toEqual(outcome(wasm(given), input, 1 << 16));
  }
});
