import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { share } from '../../../testing/properties.ts';
import { temporaryDirectory } from '../../../testing/cleanup.ts';
import { stapflame } from './stapflame.ts';

let directory: string;
beforeEach(() => (directory = temporaryDirectory()));

function file(name: string, text: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

interface Rendered {
  readonly code: number | null;
  readonly stderr: string;
  readonly text: string;
  readonly summary: unknown;
}

async function render(files: readonly string[], jobs: number, ...words: string[]): Promise<Rendered> {
  const output = join(directory, `picture.${jobs}`);
  const summary = join(directory, `summary.${jobs}`);
  const named = ['-o', output, '--summary', summary, '--jobs', String(jobs)];
  const { code, stderr } = await stapflame(['render', ...files, ...named, ...words]);
  const told = JSON.parse(readFileSync(summary, 'utf8'));
  // the number of spilled runs depends on the number of jobs, because each thread has its own table
  delete told.folded.spilledRuns;
  return { code, stderr, text: readFileSync(output, 'utf8'), summary: told };
}

/** Returns lines of folded text in no particular order, some of them with the same stack. */
function lines(count: number, end = '\n'): string {
  return Array.from(
    { length: count },
    (_, i) => `main;module${(i * 7) % 5};f${(i * 7919) % 101};g${i % 3} ${1 + (i % 9)}${end}`,
  ).join('');
}

const FACTS = '# stapflame period=10101010 host=web1\n# stapflame incomplete lost=3\n';
const OTHER_FACTS = '# stapflame period=10101010 host=web2\n# stapflame incomplete lost=4\n';
const TEXT = lines(700);

describe('render --jobs', () => {
  it.each<[string, readonly (string | Uint8Array)[], number]>([
    ['one file', [TEXT], 0],
    ['one file with facts', [FACTS + TEXT], 75],
    ['two files concatenated into one, each with facts', [FACTS + TEXT + OTHER_FACTS + lines(300)], 75],
    ['a file whose last line has no line break', [TEXT.trimEnd()], 0],
    ['lines that end in a carriage return', [lines(300, '\r\n')], 0],
    ['byte order marks', [`\ufeff${lines(2)}\ufeffmain 1\n\ufeff${lines(4)}`], 0],
    ['mangled names', [`${TEXT}_ZN3foo3barEv;_RNvC3foo3bar 4\n${TEXT}`], 0],
    ['names that are not valid labels', [`${TEXT}main;;a\tb; c 4\nmain;\u0001 3\n${TEXT}`], 0],
    ['several files', [FACTS + TEXT, FACTS + lines(90), lines(300)], 75],
    ['compressed files', [gzipSync(TEXT), lines(400), gzipSync(lines(90))], 0],
    ['a truncated compressed file', [gzipSync(TEXT).subarray(0, 600), TEXT], 75],
    ['empty files among other files', ['', TEXT, lines(300), ''], 0],
    ['a line with two counts after lines with one count', [`${TEXT}main;f 1 2\n`], 0],
    ['decimal counts', [`${TEXT}main;f 1.5\n${TEXT}`], 0],
    ['lines that are not stacks', [`${TEXT}main;f\n${TEXT}`, 'what\n'], 75],
    ['a file with the fact `base`', [`# stapflame base=main\n${TEXT}`], 0],
    ['sums that are rounded', [`a 9007199254740990\n${lines(99)}a 9007199254740990\n`], 0],
  ])('does not change the picture or the summary for %s', async (_, texts, code) => {
    const files = texts.map((text, i) => file(`text${i}`, text));
    const [one, ...others] = await Promise.all([1, 4].map((jobs) => render(files, jobs)));
    expect(one!.code).toBe(code);
    for (const other of others) expect(other).toEqual(one);
  });
  it('does not change the output when combined with other options', async () => {
    const files = [file('text', `${FACTS}${TEXT}main;f.isra.0 4\nmain;f.cold 2\n`)];
    for (const words of [
      ['--output-format', 'folded'],
      ['--output-format', 'tsv'],
      ['--output-format', 'html'],
      ['--output-format', 'pprof'],
      ['--merge-clones', '--no-demangle'],
      ['--inverted', '--title', 'A title', '--max-depth', '2'],
      ['--focus', 'module1'],
      ['--reverse'],
      ['--memory', '1M'],
    ])
      expect(await render(files, 3, ...words)).toEqual(await render(files, 1, ...words));
  });
  it('does not change the picture, wherever the files are divided', { timeout: 120_000 }, async () => {
    const name = fc.constantFrom('a', 'a.isra.0', 'a b', 'é', 'main', '_ZN3foo3barEv', '# c', '\ufeffd');
    const stack = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join(';'));
    const line = fc.oneof(
      { weight: 9, arbitrary: fc.tuple(stack, fc.nat(99)).map(([text, count]) => `${text} ${count}`) },
      fc.constantFrom('# stapflame host=web1', '# stapflame incomplete lost=2', '', '# text'),
    );
    const text = fc.array(line, { minLength: 1, maxLength: 30 }).map((some) => `main 1\n${some.join('\n')}`);
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(2, 3, 8),
        async (texts, jobs) => {
          const files = texts.map((each, i) => file(`text${i}`, each));
          expect(await render(files, jobs)).toEqual(await render(files, 1));
        },
      ),
      share(0.06),
    );
  });
  it('needs temporary files only if the stacks do not fit in memory', async () => {
    const stacks = Array.from({ length: 60_000 }, (_, i) => `main;name${i} 1\n`);
    const words = ['--jobs', '2', '--memory', '1M', '--tmpdir', join(directory, 'gone')];
    const picture = ['-o', join(directory, 'picture')];
    expect((await stapflame(['render', file('few', TEXT), ...picture, ...words])).code).toBe(0);
    const { code, stderr } = await stapflame(['render', file('many', stacks.join('')), ...picture, ...words]);
    expect(code).toBe(74);
    expect(stderr).toContain('cannot create a temporary file in');
  });
  it('rejects the same inputs as a single job, with the same messages', async () => {
    const text = file('text', TEXT);
    const us = file('us', `# stapflame unit=us\n${TEXT}`);
    const trace = file('trace', '# stapflame 1 unit=samples\n#> 1 1\n#< 1 1\n');
    for (const files of [
      [text, us],
      [us, us, text],
      [trace, trace],
      [text, join(directory, 'gone')],
    ]) {
      const [one, three] = await Promise.all(
        ['1', '3'].map((jobs) =>
          stapflame(['render', ...files, '--jobs', jobs, '-o', join(directory, 'no')]),
        ),
      );
      expect(one!.code).toBeGreaterThan(64);
      expect(three).toEqual(one);
    }
  });
});
