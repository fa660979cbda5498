import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  batchOf,
  FrameList,
  labelOf,
  leafLabelOf,
  StackBatch,
  type Frame,
  type PlainSample,
} from '@stapflame/stacks';
import { share } from '../../../testing/properties.ts';
import { StackFolder } from '../src/index.ts';
import { MIN_MEMORY } from '../src/options.ts';
import { fold, foldBatches, MemoryStore, reference, textOf } from './fold.ts';

const name = fc.oneof(
  fc.constantFrom('foo', 'foo.isra.0', 'a', 'ab', 'b', '\u{10000}', '\uffff', 'é', '[unknown]'),
  fc.string({ minLength: 1, maxLength: 5 }).map((text) => leafLabelOf(labelOf(text))),
);
const sample = fc.record({ frames: fc.array(name, { minLength: 1, maxLength: 8 }), count: fc.nat(1000) });
const someSamples = fc.array(sample, { maxLength: 80 });

describe('folding', () => {
  it('adds up the weights of equal stacks, and sorts frame by frame, not by line', () => {
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
  it('produces the same output as the reference implementation for any samples', () => {
    fc.assert(
      fc.property(someSamples, (samples) => {
        expect(fold(samples)).toBe(reference(samples));
      }),
    );
  });
  it('produces the same output however samples are divided into batches and tables', () => {
    fc.assert(
      fc.property(fc.array(someSamples, { maxLength: 5 }), (parts) => {
        expect(foldBatches(parts.map((part) => batchOf(part)))).toBe(reference(parts.flat()));
      }),
    );
  });
  it('writes decimal weights in full, without exponents', () => {
    expect(
      fold([
        { frames: ['a'], count: 0.5 },
        { frames: ['a'], count: 0.25 },
        { frames: ['b'], count: 1e-7 },
      ]),
    ).toBe('a 0.75\nb 0.0000001\n');
  });
  it('adds decimal weights without rounding errors: 0.1 + 0.2 is 0.3', () => {
    const counts = [0.1, 0.2, 334.618];
    expect(fold(counts.map((count) => ({ frames: ['a'], count })))).toBe('a 334.918\n');
  });
  it('adds up two weight columns separately', () => {
    const batch = batchOf([
      { frames: ['a'], count: 1 },
      { frames: ['a'], count: 2 },
    ]);
    expect(foldBatches([withWeights(batch, [Float64Array.of(1, 2), Float64Array.of(5, 6)])])).toBe(
      'a 3 11\n',
    );
  });
  it('counts a single weight in both columns if other stacks have two weights', () => {
    const batch = batchOf([{ frames: ['a'], count: 2 }]);
    const two = withWeights(batch, [Float64Array.of(2), Float64Array.of(5)]);
    expect(foldBatches([two, batch])).toBe('a 4 7\n');
    expect(foldBatches([batch, two])).toBe('a 4 7\n');
  });
  it('merges stacks from batches that share a table', () => {
    const { table, frames, bounds, weights } = batchOf([{ frames: ['a', 'main'], count: 2 }]);
    const again = new StackBatch({ table, frames, bounds, weights });
    expect(foldBatches([again, again])).toBe('main;a 4\n');
  });
  it('accepts names of any length', () => {
    const long = 'é'.repeat(5000);
    expect(fold([{ frames: [long, 'main'], count: 2 }])).toBe(`main;${long} 2\n`);
  });
  it('accepts a name that ends in a number if the frame is not a leaf', () => {
    expect(fold([{ frames: ['work', 'pool 3'], count: 2 }])).toBe('pool 3;work 2\n');
  });
  it('passes on the facts, but changes the order to `frame`', () => {
    const folder = new StackFolder(new MemoryStore());
    folder.push(batchOf([{ frames: ['a'], count: 1 }], { unit: 'us', order: 'time', losses: { lost: 2 } }));
    const facts = [...folder.finish()].map((batch) => batch.facts);
    expect(facts).toEqual([{ unit: 'us', order: 'frame', losses: { lost: 2 } }]);
  });
  it('keeps a sum above 2^53 − 1, and marks it as inexact', () => {
    const folder = new StackFolder(new MemoryStore());
    folder.push(batchOf([1, 2].map(() => ({ frames: ['leaf', 'root'], count: Number.MAX_SAFE_INTEGER }))));
    expect(textOf(folder)).toBe('# stapflame inexact=yes\nroot;leaf 18014398509481982\n');
  });
});

function withWeights({ table, frames, bounds }: StackBatch, weights: readonly Float64Array[]): StackBatch {
  return new StackBatch({ table, frames, bounds, weights });
}

/** Generates random stacks. The tests use far more of them than fit into the minimum memory budget. */
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

describe('when stacks exceed the memory budget', () => {
  it('the output is the same, byte for byte, and every temporary file is removed', () => {
    const samples = [...manyStacks(40_000, 300)];
    const store = new MemoryStore();
    const small = foldBatches(
      [batchOf([...samples, ...samples.slice(0, 10_000)])],
      { memory: MIN_MEMORY },
      store,
    );
    expect(small === fold([...samples, ...samples.slice(0, 10_000)], { memory: 1 << 28 })).toBe(true);
    expect(store.created).toBeGreaterThan(4);
    expect(store.open).toBe(0);
  });
  it('the output is the same if names must also be written to disk', () => {
    const samples = [...manyStacks(20_000, 100_000), ...manyStacks(8000, 1_000_000)];
    const store = new MemoryStore();
    const folder = new StackFolder(store, { memory: MIN_MEMORY });
    folder.push(batchOf(samples));
    expect(textOf(folder) === reference(samples)).toBe(true);
    expect(folder.summary().spilledRuns).toBeGreaterThan(3);
  });
  it('long names and deep stacks survive spilling', () => {
    const long = (text: string): string => `${text}${'x'.repeat(300)}`;
    const samples = [...manyStacks(2000, 20_000)].map(({ frames, count }, i) => ({
      frames: (i % 100 === 0 ? [...frames, ...frames, ...frames, ...frames, ...frames] : frames).map(long),
      count,
    }));
    const store = new MemoryStore();
    expect(foldBatches([batchOf(samples)], { memory: MIN_MEMORY }, store) === reference(samples)).toBe(true);
    expect(store.created).toBeGreaterThan(1);
  });
  it('a spilled single weight counts in both columns if later stacks have two weights', () => {
    const samples = [...manyStacks(30_000, 100)];
    const batch = batchOf(samples);
    const last = batchOf([{ frames: ['only'], count: 1 }]);
    const two = withWeights(last, [Float64Array.of(1), Float64Array.of(3)]);
    const store = new MemoryStore();
    const small = foldBatches([batch, two], { memory: MIN_MEMORY }, store);
    expect(store.created).toBeGreaterThan(0);
    expect(small === foldBatches([batch, two], { memory: 1 << 28 })).toBe(true);
  });
  it('decimal weights and second weight columns survive spilling', () => {
    const samples = [...manyStacks(30_000, 100)];
    const batch = batchOf(samples);
    const weights = [batch.weights[0]!.map((weight) => weight / 4), batch.weights[0]!];
    const small = foldBatches([withWeights(batch, weights)], { memory: MIN_MEMORY });
    expect(small === foldBatches([withWeights(batch, weights)], { memory: 1 << 28 })).toBe(true);
  });
});

const anyFrame: fc.Arbitrary<Frame> = fc.record(
  {
    label: name,
    symbol: fc.string(),
    offset: fc.nat(),
    module: fc.string(),
    buildId: fc.constantFrom('00ff', 'abcd'),
    address: fc.constantFrom('0x1', '0xffffffff81000010'),
    file: fc.string(),
    line: fc.nat(),
    kernel: fc.boolean(),
    jit: fc.boolean(),
    inlined: fc.boolean(),
    exportedOnly: fc.boolean(),
    inexact: fc.boolean(),
  },
  { requiredKeys: ['label'] },
);

describe('merging frames', () => {
  const batchOfFrames = (stacks: readonly (readonly Frame[])[]): StackBatch => {
    const table = new FrameList();
    const bounds = [0];
    const ids = stacks.flatMap((stack) => stack.map((frame) => table.add(frame)));
    for (const stack of stacks) bounds.push(bounds.at(-1)! + stack.length);
    return new StackBatch({
      table,
      frames: Uint32Array.from(ids),
      bounds: Uint32Array.from(bounds),
      weights: [new Float64Array(stacks.length).fill(1)],
    });
  };
  const someStacks = fc.array(fc.array(anyFrame, { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 30,
  });

  it('by `frame` keeps all fields, in memory and on disk', () => {
    fc.assert(
      fc.property(someStacks, fc.boolean(), (stacks, spills) => {
        const folder = new StackFolder(new MemoryStore(), { mergeBy: 'frame', memory: MIN_MEMORY });
        folder.push(batchOfFrames(stacks));
        if (spills) folder.push(batchOf(manyStacks(spills ? 40 : 0, 1000)));
        const came = [...folder.finish()].flatMap((batch) =>
          [...batch].map(({ frames }) => JSON.stringify(frames.map(sorted))),
        );
        for (const stack of stacks) expect(came).toContain(JSON.stringify(stack.map(sorted)));
      }),
      share(0.6),
    );
  });
  it('by `frame` leaves only labels in folded text', () => {
    const folder = new StackFolder(new MemoryStore(), { mergeBy: 'frame' });
    folder.push(batchOfFrames([[{ label: 'a', offset: 1 }, { label: 'main' }]]));
    expect(textOf(folder)).toBe('main;a 1\n');
  });
  it('gives frame 0 a label, too, for readers that iterate over the whole table', () => {
    const folder = new StackFolder(new MemoryStore());
    folder.push(batchOfFrames([[{ label: 'a' }]]));
    const { table } = [...folder.finish()][0]!;
    expect([table.label(0), table.label(1)]).toEqual(['[unknown]', 'a']);
    expect(table.frame(0)).toEqual({ label: '[unknown]' });
  });
  it('by `label` keeps only the label', () => {
    const folder = new StackFolder(new MemoryStore());
    folder.push(batchOfFrames([[{ label: 'a', offset: 1 }], [{ label: 'a', offset: 2 }]]));
    expect([...folder.finish()].flatMap((batch) => Array.from(batch))).toEqual([
      { frames: [{ label: 'a' }], count: 2 },
    ]);
  });
  function sorted(frame: Frame): unknown {
    return Object.entries(frame).sort(([a], [b]) => (a < b ? -1 : 1));
  }
});

describe('limits', () => {
  it('a stack is folded even if it is larger than the budget', () => {
    const frames = Array.from({ length: 400_000 }, () => 'a');
    expect(fold([{ frames, count: 3 }], { memory: MIN_MEMORY }) === `${frames.join(';')} 3\n`).toBe(true);
  });
  it('a stack with more than 2^24 frames is rejected', () => {
    const { table, weights } = batchOf([{ frames: ['a'], count: 1 }]);
    const depth = (1 << 24) + 1;
    const frames = new Uint32Array(depth);
    const batch = new StackBatch({ table, frames, bounds: Uint32Array.of(0, depth), weights });
    expect(() => foldBatches([batch], { memory: MIN_MEMORY })).toThrow(
      expect.objectContaining({ code: 'STACK_TOO_DEEP' }),
    );
  });
  it('weights whose sum is larger than the largest number are rejected', () => {
    const stacks = [{ frames: ['a'], count: 1e308 }];
    expect(() => fold([...stacks, ...stacks])).toThrow(expect.objectContaining({ code: 'SUM_TOO_LARGE' }));
  });
  it('anything other than a valid batch is rejected', () => {
    const refusal = (batch: unknown): unknown => {
      try {
        new StackFolder(new MemoryStore()).push(batch as StackBatch);
        return undefined;
      } catch (error) {
        return error;
      }
    };
    const { table, frames, bounds, weights } = batchOf([{ frames: ['a'], count: 1 }]);
    const columns = { table, frames, bounds, weights };
    const labelled = (label: string): StackBatch => {
      const list = new FrameList();
      list.add({ label });
      return new StackBatch({ ...columns, table: list });
    };
    for (const batch of [
      'text',
      Buffer.from('a 1\n'),
      undefined,
      new StackBatch({ ...columns, weights: [] }),
      new StackBatch({ ...columns, frames: Uint32Array.of(7) }),
      new StackBatch({ ...columns, bounds: Uint32Array.of(0, 0) }),
      new StackBatch({ ...columns, bounds: Uint32Array.of(0, 4, 2), weights: [Float64Array.of(1, 1)] }),
      new StackBatch({ ...columns, weights: [Float64Array.of(-5)] }),
      new StackBatch({ ...columns, weights: [Float64Array.of(Number.NaN)] }),
      labelled('a\nEVIL 999'),
      labelled('Ljava/lang/String;'),
      labelled('pool 3'),
    ])
      expect(refusal(batch)).toMatchObject({ name: 'FolderError', code: 'INVALID_STACKS' });
  });
  it('a budget below the minimum is rejected', () => {
    expect(() => fold([], { memory: 1000 })).toThrow(expect.objectContaining({ code: 'INVALID_OPTIONS' }));
  });
});
