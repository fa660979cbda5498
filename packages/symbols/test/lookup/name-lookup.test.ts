import { FrameList, StackBatch, type Frame } from '@stapflame/stacks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bundleForBrowser } from '../../../../testing/bundle.ts';
import { NameLookup, type CodePlace } from '../../src/index.ts';
import { batchOf, CODE, KERNEL, labelsOf, look, lookedUp, MODULE, nameless } from './look.ts';

describe('the lookup of names', () => {
  it("uses a leaf's exact address, but for a caller, the address just before it", async () => {
    const [leaf, caller] = [nameless(0x10), nameless(0x20)];
    const { batch, places } = await look([[leaf, caller]], {
      0x10: [{ symbol: 'leaf' }],
      0x1f: [{ symbol: 'main' }],
    });
    expect(places).toEqual(
      [0x10, 0x1f].map((offset) => ({ module: MODULE, buildId: 'ab12', offset, named: false })),
    );
    expect(labelsOf(batch)).toEqual([['leaf', 'main']]);
  });

  it('uses the exact address of user code that entered the kernel', async () => {
    const { places } = await look([[KERNEL, KERNEL, nameless(0x10), nameless(0x20)]]);
    expect(places.map(({ offset }) => offset)).toEqual([0x10, 0x1f]);
  });

  it('uses both addresses for a frame that is both a leaf and a caller', async () => {
    const frame = nameless(0x10);
    const { batch } = await look([[frame, frame]], {
      0x10: [{ symbol: 'next' }],
      0xf: [{ symbol: 'never_returns' }],
    });
    expect(labelsOf(batch)).toEqual([['next', 'never_returns']]);
  });

  it('adds inlined functions as separate frames, innermost first, with a mark', async () => {
    const found = [
      { symbol: 'mix', file: '/src/a.h', line: 3 },
      { symbol: 'work', file: '/src/a.cc', line: 9 },
    ];
    const { batch } = await look([[nameless(0x10)]], { 0x10: found });
    expect([...batch][0]!.frames).toEqual([
      {
        label: 'mix_[i]',
        symbol: 'mix',
        module: MODULE,
        kernel: false,
        file: '/src/a.h',
        line: 3,
        inlined: true,
      },
      { label: 'work', symbol: 'work', module: MODULE, kernel: false, file: '/src/a.cc', line: 9 },
    ]);
    const plain = await look([[nameless(0x10)]], { 0x10: found }, { inlines: false });
    expect(labelsOf(plain.batch)).toEqual([['work']]);
  });

  it("finds addresses without a module in the process's maps, then in its JIT's perf map", async () => {
    const bare = (address: string): Frame => ({ label: '[unknown]', address, kernel: false });
    const { batch, places } = await look([[bare('0x1010'), bare('0x8005'), bare('0x9000')]], {
      0x10: [{ symbol: 'f' }],
    });
    expect(places.map(({ offset }) => offset)).toEqual([0x10]);
    expect(labelsOf(batch)).toEqual([['f', 'JS:*hot', '[unknown]']]);
    expect([...batch][0]!.frames[1]).toEqual({
      label: 'JS:*hot',
      symbol: 'JS:*hot',
      address: '0x8005',
      kernel: false,
      jit: true,
    });
  });

  it('adds the module to an address without a name', async () => {
    const { batch } = await look([[{ label: '[unknown]', address: '0x1010', kernel: false }]]);
    expect([...batch][0]!.frames).toEqual([
      { label: '[app]', address: '0x1010', kernel: false, module: MODULE, offset: 0x10 },
    ]);
  });

  it("finds kernel addresses in the kernel's symbols", async () => {
    const { batch } = await look([[{ label: '[unknown]', address: '0xffffffff81000008', kernel: true }]]);
    expect(labelsOf(batch)).toEqual([['schedule']]);
  });

  it('also looks up frames whose name may be only that of the nearest exported function', async () => {
    const frame = {
      label: 'near',
      symbol: 'near',
      offset: 9,
      module: MODULE,
      address: '0x1010',
      kernel: false,
    };
    const { batch, places } = await look([[frame]], { 0x10: [{ symbol: 'true_name' }] });
    expect(places).toEqual([{ module: MODULE, buildId: 'ab12', offset: 0x10, named: true }]);
    expect(labelsOf(batch)).toEqual([['true_name']]);
    expect(labelsOf((await look([[frame]])).batch)).toEqual([['near']]);
  });

  it('creates labels with the requested parts, which are valid in folded text', async () => {
    const { batch } = await look(
      [[nameless(0x10)]],
      { 0x10: [{ symbol: 'a;b 7' }] },
      { label: { module: true } },
    );
    expect(labelsOf(batch)).toEqual([['a:b 7 [app]']]);
    expect(labelsOf((await look([[nameless(0x10)]], { 0x10: [{ symbol: 'a 7' }] })).batch)).toEqual([
      ['a_7'],
    ]);
  });

  it('returns stacks unchanged if they contain no frames to look up', async () => {
    const given = batchOf([[KERNEL, { label: 'main/7' }]]);
    const names = new NameLookup(CODE, () => Promise.reject(new Error('asked')));
    expect(await lookedUp(names, given)).toBe(given);
  });

  it('looks up each distinct frame only once, even if several batches contain it', async () => {
    let asked = 0;
    const names = new NameLookup(CODE, async (places) => {
      asked += places.length;
      return places.map(() => [{ symbol: 'f' }]);
    });
    const given = batchOf([[nameless(0x10)], [nameless(0x20)]]);
    const again = new StackBatch({ ...given, bounds: given.bounds, frames: given.frames.toReversed() });
    expect(labelsOf(await lookedUp(names, given))).toEqual([['f'], ['f']]);
    expect(labelsOf(await lookedUp(names, again))).toEqual([['f'], ['f']]);
    expect([asked, names.summary]).toEqual([2, { asked: 2, found: 2 }]);
  });

  it('collects stacks so that it can look up the frames of many batches together', async () => {
    const asked: (readonly CodePlace[])[] = [];
    const names = new NameLookup(CODE, async (places) => {
      asked.push(places);
      return places.map(({ offset }) => [{ symbol: `f${offset}` }]);
    });
    const whole = batchOf([[nameless(0x10)], [nameless(0x20)], [nameless(0x30)]]);
    const given = [0, 1, 2].map(
      (i) =>
        new StackBatch({
          table: whole.table,
          frames: whole.frames.subarray(i, i + 1),
          bounds: Uint32Array.of(0, 1),
          weights: [Float64Array.of(i)],
        }),
    );
    const looked: StackBatch[] = [];
    for await (const batch of names.lookUp(given)) looked.push(batch);
    expect(looked.map((batch) => [labelsOf(batch), batch.weights[0]![0]])).toEqual([
      [[['f16']], 0],
      [[['f32']], 1],
      [[['f48']], 2],
    ]);
    expect(asked.map((places) => places.length)).toEqual([3]);
  });

  it('limits the size of waiting stacks', async () => {
    let lookups = 0;
    const names = new NameLookup(CODE, async (places) => {
      lookups++;
      return places.map(() => [{ symbol: 'f' }]);
    });
    const table = new FrameList();
    function* given(): Generator<StackBatch> {
      for (let i = 0; i < 64; i++) {
        // the complete array stays in memory, even if only part of it is used
        const frames = new Uint32Array(1 << 18).subarray(0, 1).fill(table.add(nameless(0x10 + i)));
        yield new StackBatch({
          table,
          frames,
          bounds: Uint32Array.of(0, frames.length),
          weights: [Float64Array.of(1)],
        });
        expect(i).toBeLessThan(17 * (lookups + 1));
      }
    }
    let batches = 0;
    for await (const batch of names.lookUp(given())) batches += batch.length;
    expect(batches).toBe(64);
  });

  it('merges looked-up frames with the same label if only labels are requested', async () => {
    const found = { 0x10: [{ symbol: 'f', line: 1 }], 0x1f: [{ symbol: 'f', line: 2 }] };
    const stacks = [[nameless(0x10), nameless(0x20)]];
    const labels = await look(stacks, found, { frames: 'labels' });
    const whole = await look(stacks, found);
    expect(labelsOf(labels.batch)).toEqual(labelsOf(whole.batch));
    expect(new Set(labels.batch.frames).size).toBe(1);
    expect([...labels.batch][0]!.frames[0]).toEqual({ label: 'f' });
  });

  it('keeps the weights, never shortens a stack, and returns the same result for the same input', async () => {
    const frame = fc.oneof(
      fc.constant(KERNEL),
      fc.integer({ min: 1, max: 60 }).map(nameless),
      fc
        .integer({ min: 0xfff, max: 0x2001 })
        .map((at): Frame => ({ label: '[unknown]', address: `0x${at.toString(16)}` })),
    );
    const functions = fc.array(
      fc.string({ minLength: 1 }).map((symbol) => ({ symbol })),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(frame, { minLength: 1, maxLength: 9 }), { minLength: 1, maxLength: 9 }),
        fc.dictionary(fc.integer({ min: 0, max: 60 }).map(String), functions),
        async (stacks, found) => {
          const [one, other] = [await look(stacks, found), await look(stacks, found)];
          expect([...one.batch]).toEqual([...other.batch]);
          expect([...one.batch].map(({ count }) => count)).toEqual(stacks.map(() => 3));
          for (const [i, { frames }] of [...one.batch].entries())
            expect(frames.length).toBeGreaterThanOrEqual(stacks[i]!.length);
        },
      ),
    );
  });
});

it('the core of the lookup needs no Node modules and can be bundled for a browser', async () => {
  expect(await bundleForBrowser(new URL('../../src/lookup/name-lookup.ts', import.meta.url))).toContain(
    'NameLookup',
  );
});
