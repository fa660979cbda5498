import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stapflame } from './stapflame.ts';

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'stapflame-test-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const render = async (words: readonly string[], folded = 'a;b 1\n'): Promise<string> =>
  (await stapflame(['render', '-q', ...words], folded, directory)).stdout;

describe('render', () => {
  it.each([
    ['--searchcolor', '--search-color', '#00ff00'],
    ['--strokecolor', '--stroke-color', '#00ff00'],
    ['--minwidth', '--min-width', '50%'],
    ['--fonttype', '--font-type', 'serif'],
    ['--uicolor', '--ui-color', '#112233'],
  ])('accepts %s and its alias %s', async (name, alias, value) => {
    const expected = await render([name, value]);
    expect(await render([alias, value])).toBe(expected);
    expect(expected).not.toBe(await render([]));
  });
  it('reports that boxes beyond --max-boxes are not drawn', async () => {
    const words = ['render', '--max-boxes', '2', '-o', 'x.svg'];
    const { code, stderr } = await stapflame(words, 'a;b 3\na;c 2\nd 1\n', directory);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining('only the 2 widest boxes are drawn (--max-boxes)'),
    });
  });
  it('accepts --truncate-text-right and --stroke-color none, which have no effect', async () => {
    const plain = await render([]);
    expect((await render(['--truncate-text-right'])).split('<metadata>')[0]).toBe(
      plain.split('<metadata>')[0],
    );
    expect((await render(['--stroke-color', 'none'])).split('<metadata>')[0]).toBe(
      plain.split('<metadata>')[0],
    );
  });
  it.each([['--pretty-xml'], ['--encoding', 'latin1']])('rejects %s with a reason', async (...words) => {
    const { code, stderr } = await stapflame(['render', ...words], 'a 1\n');
    expect(code).toBe(64);
    expect(stderr).toContain('is not needed here');
  });
  it.each(['--sorted', '--no-sort'])(
    'draws sorted stacks in the same way with and without %s, which rejects unsorted stacks',
    async (flag) => {
      const sorted = 'a 1\na;b 2\na.c 3\n';
      expect(await render([flag], sorted)).toBe(await render([], sorted));
      const { code, stderr } = await stapflame(['render', flag], 'b 1\na 2\n');
      expect(code).toBe(65);
      expect(stderr).toContain('stack 2 is out of order');
    },
  );
  it('draws a file without folding its stacks first, and the picture is the same as from a pipe', async () => {
    const folded = 'b;x 2\na;y 1\nb 4\na;y 0.5\nb;x 1\n# stapflame incomplete lost=2\n';
    writeFileSync(join(directory, 'x.folded'), folded);
    for (const words of [[], ['--reverse'], ['--base', 'b'], ['--reverse', '--base', 'b']]) {
      const direct = await stapflame(['render', ...words, 'x.folded'], '', directory);
      const through = await stapflame(['render', ...words], folded, directory);
      expect(direct.stdout).toBe(through.stdout);
      expect(direct.code).toBe(75);
    }
  });
  it('also draws a file with more names than fit into one table of names', async () => {
    const folded = Array.from({ length: 300_000 }, (_, i) => `f${i} 1\n`).join('');
    writeFileSync(join(directory, 'wide.folded'), folded);
    const { code, stdout } = await stapflame(['render', '-q', 'wide.folded'], '', directory);
    expect(code).toBe(0);
    expect(stdout).toContain('300,000 boxes narrower than');
  });
});

describe('--cp', () => {
  it('saves the colour of each name in palette.map, and uses these colours in later pictures', async () => {
    await render(['--cp'], 'a;b 1\n');
    const first = readFileSync(join(directory, 'palette.map'), 'utf8');
    expect(first).toMatch(/^a->rgb\(\d+,\d+,\d+\)\nb->rgb\(\d+,\d+,\d+\)\n$/);
    writeFileSync(join(directory, 'palette.map'), first.replace(/^a->.*$/m, 'a->rgb(1,2,3)'));
    const svg = await render(['--cp', '--colors', 'blue'], 'a;c 1\n');
    expect(svg).toMatch(/<title>a \(.*?fill="#010203"/);
    expect(readFileSync(join(directory, 'palette.map'), 'utf8').split('\n')).toEqual([
      'a->rgb(1,2,3)',
      first.split('\n')[1],
      expect.stringMatching(/^c->rgb/),
      '',
    ]);
    expect(readdirSync(directory)).toEqual(['palette.map']);
  });
  it('writes the palette to the file that --palette-map names, and to no file without --palette-map and --cp', async () => {
    await render(['--palette-map', 'mine.map']);
    expect(readdirSync(directory)).toEqual(['mine.map']);
    rmSync(join(directory, 'mine.map'));
    await render([]);
    expect(readdirSync(directory)).toEqual([]);
  });
  it('rejects a file that is not a palette, and does not change it', async () => {
    writeFileSync(join(directory, 'palette.map'), 'a->rgb(1,2,3)\n"><script>\n');
    const { code, stderr } = await stapflame(['render', '--cp'], 'a 1\n', directory);
    expect(code).toBe(64);
    expect(stderr).toContain('line 2 of the palette map');
    expect(readFileSync(join(directory, 'palette.map'), 'utf8')).toBe('a->rgb(1,2,3)\n"><script>\n');
  });
});

describe('--nameattr', () => {
  it('adds titles and links to the boxes with the listed names', async () => {
    writeFileSync(join(directory, 'names'), 'a\ttitle=the first\thref=https://example.org/a?b=1&c=2\n');
    const svg = await render(['--nameattr', 'names']);
    expect(svg).toContain('<title>the first</title>');
    expect(svg).toContain('<a href="https://example.org/a?b=1&amp;c=2" target="_top"');
  });
  it('results in exit code 66 if the file does not exist', async () => {
    const { code } = await stapflame(['render', '--nameattr', 'none', '-o', 'x.svg'], 'a 1\n', directory);
    expect(code).toBe(66);
    expect(existsSync(join(directory, 'x.svg'))).toBe(false);
  });
});
