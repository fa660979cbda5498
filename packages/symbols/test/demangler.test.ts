import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { batchOf, FrameList, StackBatch, type Frame } from '@stapflame/stacks';
import { expect, it } from 'vitest';
import { compileDemangler, createDemangler, Demangler } from '../src/index.ts';

const BAR = '_ZN3foo3barEv';

function batch(frames: readonly Frame[], facts: StackBatch['facts'] = {}): StackBatch {
  const table = new FrameList();
  for (const frame of frames) table.add(frame);
  return stacksOver(table, facts);
}

/** Creates a batch with one stack that contains all frames in the table. */
function stacksOver(table: FrameList, facts: StackBatch['facts'] = {}, release?: () => void): StackBatch {
  return new StackBatch({
    table,
    frames: Uint32Array.from({ length: table.size }, (_, id) => id),
    bounds: Uint32Array.of(0, table.size),
    weights: [Float64Array.of(3)],
    facts,
    ...(release && { release }),
  });
}

it('the symbol and the label of a frame are demangled, and its other fields stay unchanged', () => {
  const frame = {
    label: `${BAR}+0x10`,
    symbol: BAR,
    offset: 16,
    module: '_ZN1a1bEv',
    address: '0x1',
    kernel: false,
  };
  const { table } = new Demangler(compileDemangler).demangle(batch([frame]));
  expect(table.frame(0)).toEqual({ ...frame, label: 'foo::bar()+0x10', symbol: 'foo::bar()' });
  expect(table.label(0)).toBe('foo::bar()+0x10');
});

it('the columns of stacks stay unchanged and are released', () => {
  let released = 0;
  const table = new FrameList();
  table.add({ label: BAR });
  const given = stacksOver(table, { unit: 'us', order: 'time' }, () => released++);
  const named = new Demangler(compileDemangler).demangle(given);
  expect(named.frames).toBe(given.frames);
  expect(named.bounds).toBe(given.bounds);
  expect(named.weights).toBe(given.weights);
  expect(named.facts).toEqual(given.facts);
  named.release();
  expect(released).toBe(1);
});

it('stacks without mangled names stay unchanged, and the demangler is not loaded for them', () => {
  const demangler = new Demangler(() => {
    throw new Error('loaded');
  });
  const given = batchOf([{ frames: ['main', '_Return', 'foo.isra.0', '[libZ.so]'], count: 1 }], {
    order: 'frame',
  });
  expect(demangler.demangle(given)).toBe(given);
});

it('the labels of a growing table stay the same, and the same new table is returned each time', () => {
  const demangler = new Demangler(compileDemangler);
  const table = new FrameList();
  table.add({ label: 'main' });
  expect(demangler.demangle(stacksOver(table)).table).toBe(table);
  table.add({ label: BAR });
  const named = demangler.demangle(stacksOver(table)).table;
  table.add({ label: '_ZN3foo3quxEv' });
  expect(demangler.demangle(stacksOver(table)).table).toBe(named);
  expect([0, 1, 2].map((id) => named.label(id))).toEqual(['main', 'foo::bar()', 'foo::qux()']);
  expect(named.size).toBe(3);
  const other = batchOf([{ frames: ['x'], count: 1 }]);
  expect(demangler.demangle(other).table).toBe(other.table);
});

it('stacks sorted by mangled names are no longer reported as sorted, and their base frames are demangled', () => {
  const { facts } = new Demangler(compileDemangler).demangle(
    batch([{ label: BAR }], { order: 'frame', base: [BAR, 'main'], unit: 'us' }),
  );
  expect(facts).toEqual({ base: ['foo::bar()', 'main'], unit: 'us' });
});

it.each([
  ['there is no WebAssembly', new ReferenceError('WebAssembly is not defined')],
  ['there is too little memory for WebAssembly', new RangeError('could not allocate memory')],
])('names stay mangled if %s', (_, error) => {
  const demangler = new Demangler(() => {
    throw error;
  });
  expect(demangler.label(BAR)).toBe(BAR);
});

it('any other error in the WebAssembly module is thrown', () => {
  const magic = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const name = '__wbindgen_start';
  // this module exports one function, which does nothing
  const types = [1, 4, 1, 0x60, 0, 0];
  const functions = [3, 2, 1, 0];
  const exports = [7, name.length + 4, 1, name.length, ...Buffer.from(name), 0, 0];
  const code = [10, 4, 1, 2, 0, 0x0b];
  const starts = [...magic, ...types, ...functions, ...exports, ...code];
  for (const module of [magic, starts]) {
    const demangler = new Demangler(() => new WebAssembly.Module(Uint8Array.from(module)));
    expect(() => demangler.label(BAR)).toThrow(TypeError);
  }
});

it('invalid options and invalid stacks cause errors', () => {
  expect(() => new Demangler(compileDemangler, { style: 'short' as 'full' })).toThrow(
    expect.objectContaining({ name: 'SymbolsError', code: 'INVALID_OPTIONS' }),
  );
  expect(() => new Demangler(compileDemangler).demangle({} as StackBatch)).toThrow(
    expect.objectContaining({ name: 'SymbolsError', code: 'INVALID_STACKS' }),
  );
});

it('the stage emits one batch for each batch it receives', async () => {
  const input = new PassThrough({ objectMode: true });
  const labels: string[] = [];
  for (const label of [BAR, 'main', '_ZN3foo3quxEv']) input.write(batchOf([{ frames: [label], count: 1 }]));
  input.end();
  await pipeline(input, createDemangler({ style: 'names' }), async (batches: AsyncIterable<StackBatch>) => {
    for await (const { table } of batches) labels.push(table.label(0));
  });
  expect(labels).toEqual(['foo::bar', 'main', 'foo::qux']);
});
