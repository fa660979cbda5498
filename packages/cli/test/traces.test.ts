import { readFileSync } from 'node:fs';
import { StackFolder } from '@stapflame/folder';
import { batchOf, FoldedWriter, type SpillStore } from '@stapflame/stacks';
import { TraceParser, type ParserOptions } from '@stapflame/stap-parser';
import { FlameGraphRenderer } from '@stapflame/svg-renderer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caseOf, CASES, stapflame } from './stapflame.ts';

/** The expected exit codes other than 0, by trace. */
const CODES: Readonly<Record<string, number>> = {
  'burn-formats_g': 65,
  'endings-nopid': 65,
  'endings-overflow_g': 65,
  'endings-many_ctx': 75,
  'endings-maxaction_g': 75,
  'programs-real_openssl': 75,
  'newer-idle': 65,
  'smp-deep': 75,
};
const words = (name: string): string[] => (name === 'burn-freq99' ? ['--blank-separated'] : []);

describe.each(CASES)('the real trace $name', ({ name, trace, folded }) => {
  it('folds to its golden text, with the expected exit code', async () => {
    const { code, stdout } = await stapflame(['fold', '-q', ...words(name), trace]);
    expect(stdout).toBe(folded);
    expect(code).toBe(CODES[name] ?? 0);
  });
});

const noDisk: SpillStore = {
  create: () => {
    throw new Error('these traces fit in memory');
  },
};

/** Parses and folds a trace that is read in chunks of `size` bytes. */
function parseAndFold(
  bytes: Uint8Array,
  size: number,
  blankSeparated: boolean,
  scanner: NonNullable<ParserOptions['scanner']> = 'wasm',
): { samples: string; folded: Buffer } {
  const parser = new TraceParser({ blankSeparated, scanner });
  const folder = new StackFolder(noDisk);
  const samples: string[] = [];
  const drain = (): void => {
    for (const batch of parser.take()) {
      for (const { frames, count } of batch)
        samples.push(`${frames.map(({ label }) => label).join(';')} ${count}`);
      folder.push(batch);
    }
  };
  for (let at = 0; at < bytes.length; at += size) {
    parser.push(bytes.subarray(at, at + size));
    drain();
  }
  parser.endInput();
  drain();
  return { samples: samples.join('\n'), folded: textOf(folder) };
}

/** Draws a picture from folded text that is read in chunks of `size` bytes. */
function pictureOf(folded: Uint8Array, size: number): string {
  const renderer = new FlameGraphRenderer({ sorted: true });
  for (let at = 0; at < folded.length; at += size) renderer.push(folded.subarray(at, at + size));
  return [...renderer.finish()].join('');
}

function textOf(folder: StackFolder): Buffer {
  const writer = new FoldedWriter();
  const pieces: Buffer[] = [];
  for (const batch of folder.finish())
    for (const piece of writer.write(batch)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

describe.each(CASES)('the real trace $name', ({ name, trace }) => {
  const bytes = readFileSync(trace);
  const whole = parseAndFold(bytes, Infinity, name === 'burn-freq99');
  const picture = whole.samples === '' ? undefined : pictureOf(whole.folded, Infinity);
  it.each([1, 61, 4099])(
    'has the same samples, folded text and picture when it is read in chunks of %i bytes',
    (size) => {
      for (const scanner of ['wasm', 'reference'] as const) {
        const cut = parseAndFold(bytes, size, name === 'burn-freq99', scanner);
        expect(cut.samples === whole.samples).toBe(true);
        expect(cut.folded.equals(whole.folded)).toBe(true);
      }
      if (picture !== undefined) expect(pictureOf(whole.folded, size) === picture).toBe(true);
    },
  );
});

it('the weight of damaged records goes to [damaged]', () => {
  for (const [name, line] of [
    ['programs-real_openssl', '[damaged] 7'],
    ['endings-many_ctx', '[damaged] 2'],
    ['smp-deep', '[damaged] 16'],
  ] as const) {
    expect(caseOf(name).folded.split('\n')).toContain(line);
  }
});

it.each(['endings-nopid', 'endings-overflow_g'])(
  'an empty trace (%s) is rejected with advice on what to check',
  async (name) => {
    const { code, stderr, stdout } = await stapflame(['flame', caseOf(name).trace]);
    expect({ code, stdout }).toEqual({ code: 65, stdout: '' });
    expect(stderr).toMatch(/empty.*process.*stap/);
  },
);

it('a trace without count lines is rejected, and the message names the option to read it with', async () => {
  const { code, stderr } = await stapflame(['fold', caseOf('burn-freq99').trace]);
  expect(code).toBe(65);
  expect(stderr).toContain('--blank-separated');
});

it("parsing, folding and drawing do not change the sum of a trace's counts", () => {
  const count = fc.nat(1_000_000);
  const frame = fc.constantFrom(
    ' 0x1 : a+0x1/0x2 [/p]',
    ' 0x2 : b+0x1/0x2 [/p]',
    ' 0xffffffff81000000 : k+0x1/0x2 [kernel]',
    'text',
    '\u0001',
    ' 0x9',
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.array(frame, { maxLength: 5 }), count), { minLength: 1 }), (records) => {
      const trace = records.map(([frames, n]) => `${[...frames, `\t${n}`].join('\n')}\n`).join('');
      const sum = records.reduce((total, [, n]) => total + n, 0);
      fc.pre(sum > 0);
      const { samples: stacks, folded } = parseAndFold(Buffer.from(trace), 61, false);
      const total = (lines: string): number =>
        [...lines.matchAll(/ (\d+)$/gm)].reduce((all, [, n]) => all + Number(n), 0);
      expect(total(stacks)).toBe(sum);
      expect(total(folded.toString().replaceAll(/^#.*$/gm, ''))).toBe(sum);
      const samples = sum === 1 ? '1 sample' : `${sum.toLocaleString('en-US')} samples`;
      expect(pictureOf(folded, 61)).toContain(`<title>all (${samples}, 100.00 %)</title>`);
    }),
  );
});

it('the folder accepts batches from the parser and from batchOf', () => {
  const parser = new TraceParser();
  parser.push(Buffer.from(' 0x1 : a+0x1/0x2 [/p]\n\t1\n'));
  const folder = new StackFolder(noDisk);
  for (const batch of [...parser.take(), batchOf([{ frames: ['a'], count: 2 }])]) folder.push(batch);
  expect(textOf(folder).toString()).toBe('a 3\n');
});
