import { StackBatch, type Frame } from '@stapflame/stacks';
import { describe, expect, it } from 'vitest';
import { NameLookup, type LookupOptions } from '../../src/index.ts';
import { FoundLabels } from '../../src/lookup/found-labels.ts';
import { batchOf, CODE, labelsOf, look, lookedUp, MODULE, nameless } from './look.ts';

describe('a frame stays unchanged', () => {
  it.each<[string, Frame]>([
    ['a kernel address has no symbol', { label: '[unknown]', address: '0xffffffff80000000', kernel: true }],
    [
      'it is a named function of a kernel module',
      { label: 'sync', symbol: 'sync', module: 'ext4', address: '0xffffffff81000008', kernel: true },
    ],
    [
      'it is in a kernel module, at an unknown address',
      { label: '[ext4]', module: 'ext4', offset: 8, kernel: true },
    ],
    ['its address is not a number', { label: '[unknown]', address: '0x1g' }],
    [
      'it has a name, but the process has compiled code at its address',
      { label: 'old', symbol: 'old', module: '/tmp/old', address: '0x8004', kernel: false },
    ],
  ])('if %s', async (_, frame) => {
    const { batch, places } = await look([[frame]]);
    expect(places).toEqual([]);
    expect([...batch][0]!.frames).toEqual([frame]);
  });
});

describe('the labels of functions that were found', () => {
  const found = { 0x10: [{ symbol: 'mix' }, { symbol: 'work' }] };

  it('contain the module if requested, also for inlined functions', async () => {
    const { batch } = await look([[nameless(0x10)]], found, { label: { module: true } });
    expect(labelsOf(batch)).toEqual([['mix [app]_[i]', 'work [app]']]);
  });

  it('are in the table of the stacks, together with the labels of unchanged frames', async () => {
    const main = { label: 'main' };
    const { batch } = await look([[nameless(0x10), main]], found);
    expect(Array.from(batch.frames, (id) => batch.table.label(id))).toEqual(['mix_[i]', 'work', 'main']);
  });

  it('are the same after the cache of labels is cleared', () => {
    const labels = new FoundLabels({ module: false, offset: false, kernel: false, address: false });
    const symbols = Array.from({ length: 10 }, (_, i) => `${'o'.repeat(1 << 19)}${i}`);
    const all = (): string[] =>
      symbols.flatMap((symbol) => [
        labels.ofFunction(symbol, MODULE, false),
        labels.ofInlined(symbol, MODULE),
      ]);
    const wanted = symbols.flatMap((symbol) => [symbol, `${symbol}_[i]`]);
    expect(all()).toEqual(wanted);
    expect(all()).toEqual(wanted);
  });
});

describe('stacks with looked-up frames', () => {
  const named = new NameLookup(CODE, async (places) =>
    places.map(({ offset }) => [{ symbol: `f${offset}` }]),
  );

  it('keep both columns of weights', async () => {
    const { table, frames, bounds } = batchOf([[nameless(0x10)], [nameless(0x20)]]);
    const weights = [Float64Array.of(1, 2), Float64Array.of(30, 40)];
    const batch = await lookedUp(named, new StackBatch({ table, frames, bounds, weights }));
    expect(batch.weights).toEqual(weights);
  });

  it.each([
    ['still sorted by time', 'time', 'time'],
    ['no longer sorted by frame', 'frame', undefined],
  ] as const)('are %s if they were before', async (_, order, after) => {
    const { table, frames, bounds, weights } = batchOf([[nameless(0x10)]]);
    const given = new StackBatch({ table, frames, bounds, weights, facts: { order, unit: 'us' } });
    const { facts } = await lookedUp(named, given);
    expect(facts).toEqual({ unit: 'us', ...(after && { order: after }) });
  });

  it('may have any number of frames', async () => {
    const stack = Array.from({ length: 1000 }, (_, i) => nameless(i + 1));
    const [labels] = labelsOf(await lookedUp(named, batchOf([stack])));
    expect(labels).toEqual(stack.map((_, i) => `f${i === 0 ? 1 : i}`));
  });
});

describe('an error', () => {
  it('is thrown for stacks that are not valid', async () => {
    const names = new NameLookup(CODE, () => Promise.reject(new Error('asked')));
    await expect(lookedUp(names, {} as StackBatch)).rejects.toThrow(
      expect.objectContaining({ name: 'SymbolsError', code: 'INVALID_STACKS' }),
    );
  });

  it.each([{ inlines: 1 }, { frames: 'some' }, { label: { symbol: true } }, { names: true }])(
    'is thrown for the options %j',
    (options) => {
      expect(() => new NameLookup(CODE, async () => [], options as LookupOptions)).toThrow(
        expect.objectContaining({ name: 'SymbolsError', code: 'INVALID_OPTIONS' }),
      );
    },
  );
});
