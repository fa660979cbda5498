import {
  batchOf,
  FrameList,
  isLabel,
  isLeafLabel,
  labelOf,
  leafLabelOf,
  StackBatch,
} from '@stapflame/stacks';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { share } from '../../../testing/properties.ts';
import { compileDemangler, Demangler, type DemanglerOptions } from '../src/index.ts';

const demanglers = (['full', 'names', 'mangled'] as const).flatMap((style) =>
  [true, false].map(
    (mergeClones) => new Demangler(compileDemangler, { style, mergeClones } as DemanglerOptions),
  ),
);
const symbols = ['cpp', 'rust'].flatMap((file) =>
  readFileSync(new URL(`fixtures/${file}.tsv`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t')[0]!),
);

/** Pieces of the grammar for mangled names. */
const PIECES = `
  _Z _R _ZN N E I S_ S0_ T_ St Ss P K R v i Nv C B_ Y 3foo 1a 9 99999999999 L X D cv ix u6 17h0123456789abcdefE
  $LT$ $u7b$ $u3b$ . .isra.0 .cold .llvm.1 \` +0x1 _[k] @plt ( < > ;`;
const piece = fc.constantFrom(' ', ' [clone .isra.0]', ...PIECES.trim().split(/\s+/));
const hostile = fc.oneof(
  fc.constantFrom(...symbols),
  fc
    .tuple(fc.constantFrom(...symbols), fc.nat(), fc.nat(), piece)
    .map(([name, at, end, text]) => name.slice(0, at % name.length) + text + name.slice(end % name.length)),
  fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
  fc.array(piece, { maxLength: 40 }).map((pieces) => `_Z${pieces.join('')}`),
  fc.array(piece, { maxLength: 40 }).map((pieces) => `_R${pieces.join('')}`),
  fc.string({ unit: 'binary' }),
);

it('a demangled label is still valid, even for a leaf, and does not change if demangled again', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const label = labelOf(text);
      const leaf = leafLabelOf(label);
      for (const demangler of demanglers) {
        const named = demangler.label(label);
        expect(isLabel(named)).toBe(true);
        expect(demangler.label(named)).toBe(named);
        expect(isLeafLabel(demangler.label(leaf))).toBe(true);
      }
    }),
    share(10),
  );
});

it('demangling does not change the depths and weights of stacks', () => {
  const sample = fc.record({ frames: fc.array(hostile, { minLength: 1, maxLength: 6 }), count: fc.nat() });
  fc.assert(
    fc.property(fc.array(sample), (samples) => {
      const shape = (
        stacks: Iterable<{ frames: readonly unknown[]; count: number }>,
      ): (readonly number[])[] => Array.from(stacks, ({ frames, count }) => [frames.length, count]);
      for (const demangler of demanglers)
        expect(shape(demangler.demangle(batchOf(samples)))).toEqual(shape(samples));
    }),
  );
});

/**
 * Returns a symbol whose name doubles in length with each level, because each level contains the previous name twice.
 */
function doubling(levels: number): string {
  const reference = (i: number): string => (i === 0 ? 'S_' : `S${(i - 1).toString(36).toUpperCase()}_`);
  const arguments_ = Array.from({ length: levels }, (_, i) => `S_I${reference(i + 2).repeat(2)}E`);
  return `_Z1fSt4pairI1AS0_E${arguments_.join('')}`;
}

const HOSTILE: Readonly<Record<string, string>> = {
  'a name that doubles nine times': doubling(9),
  'a name that doubles thirteen times': doubling(13),
  'a name that doubles twenty-two times': doubling(22),
  'a name that doubles three hundred times': doubling(300),
  'ten thousand pointers': `_Z1f${'P'.repeat(10_000)}i`,
  'a million pointers': `_Z1f${'P'.repeat(1_000_000)}i`,
  'five thousand namespaces': `_ZN${'1a'.repeat(5000)}Ev1`,
  'half a million _Z': '_Z'.repeat(500_000),
  'half a million words _Z': ' _Z'.repeat(500_000).trim(),
  'sixteen thousand copy suffixes': `${'.isra.0'.repeat(2300)}!`,
  'a hundred thousand copy suffixes': `a${'.isra.0'.repeat(100_000)}!`,
  'an identifier of one megabyte': `_Z1000000${'a'.repeat(1_000_000)}v`,
  'Rust, ten thousand generics': `_R${'I'.repeat(10_000)}`,
  'Rust, circular back references': `_RNvB${'_'.repeat(4000)}`,
};

it.each(Object.entries(HOSTILE))(
  'a hostile name stays mangled, and the next name is demangled: %s',
  (_, name) => {
    for (const style of ['full', 'names'] as const) {
      const demangler = new Demangler(compileDemangler, { style, mergeClones: true });
      expect(demangler.label(name)).toBe(name);
      expect(demangler.label('_ZN3foo3barIiEEvv')).toMatch(/^foo::bar/);
    }
  },
);

it('demangling stops when names take too much time, and the names demangled so far are kept', () => {
  const table = new FrameList();
  for (let i = 0; i < 1000; i++) {
    table.add({ label: `_ZN1a${String(i).length + 1}f${i}Ev` });
    table.add({ label: `${doubling(20 + (i % 80))}.${i}` });
  }
  const ids = Uint32Array.from({ length: table.size }, (_, id) => id);
  const demangler = new Demangler(compileDemangler);
  const given = new StackBatch({
    table,
    frames: ids,
    bounds: Uint32Array.of(0, ids.length),
    weights: [Float64Array.of(1)],
  });
  const named = demangler.demangle(given).table;
  const labels = Array.from(ids, (id) => named.label(id));
  expect(demangler.gaveUp).toBe(true);
  expect(Array.from(ids, (id) => named.label(id))).toEqual(labels);
  expect(labels.slice(0, 4)).toEqual(['a::f0()', table.label(1), 'a::f1()', table.label(3)]);
  expect(labels.at(-2)).toBe(table.label(ids.length - 2));
  expect(named.frame(0).label).toBe('a::f0()');
  expect(named.frame(ids.length - 2)).toEqual(table.frame(ids.length - 2));
});

it('names are the same after the name cache is cleared', () => {
  const demangler = new Demangler(compileDemangler, { style: 'full' });
  const first = symbols.map((symbol) => demangler.label(symbol));
  for (let i = 0; i < 60_000; i++) demangler.label(`_ZN${String(i).length + 20}f${'o'.repeat(19)}${i}3barEv`);
  expect(symbols.map((symbol) => demangler.label(symbol))).toEqual(first);
});
