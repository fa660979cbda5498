import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchOf, StackFolder, type PlainSample } from '../src/index.ts';
import { MIN_MEMORY } from '../src/options.ts';
import { fold, foldBatches, MemoryStore, reference } from './fold.ts';

const name = fc.oneof(
  fc.constantFrom('foo', 'foo.isra.0', 'a', 'ab', 'b', '\u{10000}', '\uffff', 'é', '[unknown]'),
  fc.string({ minLength: 1, maxLength: 5 }).filter((text) => !/[;\u0000-\u001f\u007f]|^\s|\s$/.test(text)),
);
const sample = fc.record({ frames: fc.array(name, { minLength: 1, maxLength: 8 }), count: fc.nat(1000) });
const someSamples = fc.array(sample, { maxLength: 80 });

describe('folding', () => {
  it('adds up equal stacks and sorts frame by frame, not by line', () => {
    const samples: PlainSample[] = [
      { frames: ['b', 'foo'], count: 200 },
      { frames: ['x', 'foo.isra.0'], count: 3 },
      { frames: ['foo'], count: 2 },
      { frames: ['foo'], count: 3 },
    ];
    expect(fold(samples)).toBe('foo 5\nfoo;b 200\nfoo.isra.0;x 3\n');
  });
  it('sorts names by their UTF-8 bytes', () => {
    expect(fold(['\u{10000}', '\uffff', 'z', 'é'].map((each) => ({ frames: [each], count: 1 })))).toBe(
      'z 1\né 1\n\uffff 1\n\u{10000} 1\n',
    );
  });
  it('equals the rule on any samples', () => {
    fc.assert(
      fc.property(someSamples, (samples) => {
        expect(fold(samples)).toBe(reference(samples));
      }),
      { numRuns: 500 },
    );
  });
  it('does not depend on how samples are divided into batches and tables', () => {
    fc.assert(
      fc.property(fc.array(someSamples, { maxLength: 5 }), (parts) => {
        expect(foldBatches(parts.map(batchOf))).toBe(reference(parts.flat()));
      }),
    );
  });
  it('turns stacks around on request', () => {
    expect(fold([{ frames: ['leaf', 'root'], count: 1 }], { reverse: true })).toBe('leaf;root 1\n');
  });
  it('keeps only stacks with the base, from the outermost frame of that name on, and turns them then', () => {
    const samples = [
      { frames: ['leaf', 'b', 'a', 'b', 'root'], count: 1 },
      { frames: ['b'], count: 2 },
      { frames: ['leaf', 'root'], count: 4 },
    ];
    expect(fold(samples, { base: 'b' })).toBe('b 2\nb;a;b;leaf 1\n');
    expect(fold(samples, { base: 'b', reverse: true })).toBe('b 2\nleaf;b;a;b 1\n');
    expect(fold(samples, { base: 'none' })).toBe('');
  });
  it('writes decimal weights in full and without exponent', () => {
    expect(
      fold([
        { frames: ['a'], count: 0.5 },
        { frames: ['a'], count: 0.25 },
        { frames: ['b'], count: 1e-7 },
      ]),
    ).toBe('a 0.75\nb 0.0000001\n');
  });
  it('keeps two columns of weights', () => {
    const batch = {
      ...batchOf([
        { frames: ['a'], count: 1 },
        { frames: ['a'], count: 2 },
      ]),
      weights: [Float64Array.of(1, 2), Float64Array.of(5, 6)],
    };
    expect(foldBatches([batch])).toBe('a 3 11\n');
  });
  it('ends with the comment that it is given', () => {
    expect(fold([{ frames: ['a'], count: 1 }], { comment: () => '# stapflame incomplete lost=2' })).toBe(
      'a 1\n# stapflame incomplete lost=2\n',
    );
  });
});

/** Distinct stacks, many more than the smallest budget holds. */
function* manyStacks(stacks: number, names: number): Generator<PlainSample> {
  let seed = 1;
  const next = (): number => (seed = Math.imul(seed, 1664525) + 1013904223) >>> 8;
  for (let i = 0; i < stacks; i++) {
    yield {
      frames: Array.from({ length: 10 + (next() % 20) }, () => `name${next() % names}`),
      count: 1 + (next() % 9),
    };
  }
}

describe('beyond the memory budget', () => {
  it('the output is the same, byte for byte, and every temporary file is given back', () => {
    const samples = [...manyStacks(60_000, 300)];
    const store = new MemoryStore();
    const small = foldBatches(
      [batchOf([...samples, ...samples.slice(0, 20_000)])],
      { memory: MIN_MEMORY },
      store,
    );
    expect(small === fold([...samples, ...samples.slice(0, 20_000)], { memory: 1 << 28 })).toBe(true);
    expect(store.created).toBeGreaterThan(4);
    expect(store.open).toBe(0);
  });
  it('names without bound become runs of text, in the same order', () => {
    const samples = [...manyStacks(12_000, 1_000_000)];
    const folder = new StackFolder(new MemoryStore());
    folder.add(batchOf(samples));
    const output = Buffer.concat([...folder.finish()]).toString();
    expect(output === reference(samples)).toBe(true);
    expect(folder.summary().spilledRuns).toBeGreaterThan(1);
  });
  it('decimal weights and second columns survive the disk', () => {
    const samples = [...manyStacks(30_000, 100)];
    const batch = batchOf(samples);
    const weights = [batch.weights[0]!.map((weight) => weight / 4), batch.weights[0]!];
    const small = foldBatches([{ ...batch, weights }], { memory: MIN_MEMORY });
    expect(small === foldBatches([{ ...batch, weights }], { memory: 1 << 28 })).toBe(true);
  });
});

describe('limits', () => {
  it('a sum over 2^53 - 1 is an error that names the stack', () => {
    const samples = [1, 2].map(() => ({ frames: ['leaf', 'root'], count: Number.MAX_SAFE_INTEGER - 1 }));
    expect(() => fold(samples)).toThrow(
      expect.objectContaining({ code: 'SUM_TOO_LARGE', foldedStack: 'root;leaf' }),
    );
  });
  it('a stack deeper than the budget is folded all the same', () => {
    const deep = Array.from({ length: 400_000 }, (_, i) => `f${i % 7}`);
    const samples = [
      { frames: ['a'], count: 1 },
      { frames: deep, count: 2 },
      { frames: ['b', 'a'], count: 3 },
      { frames: deep, count: 4 },
    ];
    const folded = fold(samples, { memory: MIN_MEMORY });
    expect(folded === `a 1\na;b 3\n${[...deep].reverse().join(';')} 6\n`).toBe(true);
  });
  it('a stack of over ten million frames is refused, with the option that helps', () => {
    const depth = 10_000_001;
    const batch = {
      table: { labels: ['a'] },
      frames: new Uint32Array(depth),
      bounds: Uint32Array.of(0, depth),
      weights: [Float64Array.of(1)],
    };
    expect(() => foldBatches([batch])).toThrow(
      expect.objectContaining({
        code: 'STACK_TOO_DEEP',
        message: expect.stringContaining('--memory 77M') as string,
      }),
    );
    expect(foldBatches([batch], { memory: 77 << 20 }).length).toBe(depth * 2 + 2);
  });
  it('columns that do not fit together are refused', () => {
    const batch = batchOf([{ frames: ['a'], count: 1 }]);
    expect(() => foldBatches([{ ...batch, weights: [] }])).toThrow(
      expect.objectContaining({ code: 'INVALID_BATCH' }),
    );
    expect(() => foldBatches([{ ...batch, frames: Uint32Array.of(7) }])).toThrow(
      expect.objectContaining({ code: 'INVALID_BATCH' }),
    );
  });
  it('a budget under the smallest is refused', () => {
    expect(() => fold([], { memory: 1000 })).toThrow(expect.objectContaining({ code: 'INVALID_OPTIONS' }));
  });
});
