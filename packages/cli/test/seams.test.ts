import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pictureTreatment } from '../src/commands/picture-options.ts';
import { convert, type Treatment } from '../src/convert.ts';
import { FOLDED as FOLDED_INPUT, STAP } from '../src/inputs/table.ts';
import type { ReadableKind } from '../src/inputs/input.ts';
import { FOLDED, SVG } from '../src/outputs/table.ts';
import type { OutputKind } from '../src/outputs/output.ts';
import { share } from '../../../testing/properties.ts';
import { MAIN } from './stapflame.ts';

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'stapflame-seams-'))));
afterEach(() => rmSync(directory, { recursive: true }));

/** Converts a file, and returns the resulting text. */
async function written<In, Out>(
  file: string,
  from: ReadableKind<In>,
  to: OutputKind<Out>,
  treatment: Treatment,
  flags: In & Out & { memory?: number },
): Promise<string> {
  const output = join(directory, `output${to.extensions[0]}`);
  await convert([file], { ...flags, quiet: true, output }, [from], to, treatment);
  return readFileSync(output, 'utf8');
}

const ODD_NAMES = [
  'pool 3',
  'a;b',
  '# x',
  '#',
  'Ljava/lang/String;',
  'é',
  '\u{10000}',
  '\uffff',
  'foo',
  'foo.isra.0',
  '[T; 32]',
];
const name = fc.oneof(
  fc.constantFrom(...ODD_NAMES),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
    .filter((text) => !/[\u0000-\u001f\u007f]/.test(text)),
  fc.nat(100_000).map((id) => `f${id}`),
);
/** A line of a record: a frame with a symbol, with only a module or with neither, or a line that the script adds. */
const line = fc.oneof(
  { weight: 8, arbitrary: name.map((symbol) => ` 0x401000 : ${symbol}+0x1/0x20 [/opt/demo/burn]`) },
  {
    weight: 1,
    arbitrary: fc
      .nat(0xfff)
      .map((offset) => ` 0x7f00${offset.toString(16)} [/usr/lib/libx.so+0x${offset.toString(16)}/0x1000]`),
  },
  {
    weight: 1,
    arbitrary: fc.nat(0xfff).map((offset) => ` 0x55${offset.toString(16)} : 0x55${offset.toString(16)}`),
  },
  { weight: 1, arbitrary: name },
);
const record = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 1000 }))
  .map(([lines, count]) => `${lines.join('\n')}\n\t${count}\n`);
const trace = fc
  .tuple(
    fc.constantFrom('', '# stapflame 1 mode=aggregate unit=us maxbacktrace=8\n'),
    fc.array(record, { minLength: 1, maxLength: 15 }),
  )
  .map(([header, records]) => header + records.join(''));

/** Returns a trace that exceeds the smallest memory budget and has more names than fit into its dictionary. */
function large(seed: number): string {
  let state = seed;
  const next = (below: number): number => ((state = Math.imul(state, 1664525) + 1013904223) >>> 8) % below;
  return Array.from({ length: 12_000 }, (_, i) => {
    const depth = 4 + next(20);
    const frames = Array.from(
      { length: depth },
      (__, d) => ` 0x40${d} : n${next(d === 0 ? 100_000 : 50)}+0x1/0x2 [/a]\n`,
    );
    return `${frames.join('')}\t${1 + (i % 3)}\n`;
  }).join('');
}

const drawn = { minwidth: '0%' };

/** Draws a trace's picture in each way that stapflame offers. */
async function pictures(text: string, memory: number): Promise<string[]> {
  const [source, folded] = [join(directory, 'trace'), join(directory, 'stacks')];
  writeFileSync(source, text);
  const flags = { ...drawn, memory };
  const merged = pictureTreatment(drawn);
  writeFileSync(folded, await written(source, STAP, FOLDED, { merges: true }, { memory }));
  return [
    await written(source, STAP, SVG, merged, flags),
    await written(source, STAP, SVG, merged, { ...flags, memory: 1 << 28 }),
    await written(folded, FOLDED_INPUT, SVG, merged, flags),
    await written(folded, FOLDED_INPUT, SVG, { merges: false }, { ...flags, sorted: true }),
  ];
}

it('flame, fold with render, and fold with render --sorted draw the same picture, byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(trace, fc.constantFrom(1 << 20, 1 << 23), async (text, memory) => {
      const [first, ...others] = await pictures(text, memory);
      for (const other of others) expect(other === first).toBe(true);
    }),
    share(0.5),
  );
});

it('the pictures are also identical if runs and name dictionaries are spilled to disk', async () => {
  for (const seed of [1, 2]) {
    const [first, ...others] = await pictures(large(seed), 1 << 20);
    for (const other of others) expect(other === first).toBe(true);
  }
});

it('the pictures are also identical if the input is standard input', () => {
  const text = large(3);
  const run = (words: readonly string[], input: string): string =>
    spawnSync(process.execPath, [MAIN, ...words, '-q'], { input, encoding: 'utf8', maxBuffer: 1 << 28 })
      .stdout;
  const folded = run(['fold'], text);
  const file = join(directory, 'stacks');
  writeFileSync(file, folded);
  const picture = run(['flame'], text);
  expect(picture.length).toBeGreaterThan(1000);
  expect(run(['render'], folded) === picture).toBe(true);
  expect(run(['render', file], '') === picture).toBe(true);
  expect(run(['render', '--sorted', file], '') === picture).toBe(true);
});
