import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../testing/cleanup.ts';
import { caseOf, stapflame } from './stapflame.ts';

let directory: string;
beforeEach(() => (directory = temporaryDirectory()));

function file(name: string, text: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

const BEFORE = 'main;hot 100\nmain;rest 810\nmain;gone 90\n';
const AFTER = 'main;hot 400\nmain;rest 1200\nmain;new 400\n';
const folded = ['--output-format', 'folded', '--plain', '-q'];

async function diff(...words: string[]): Promise<string> {
  const { stdout, stderr, code } = await stapflame(['diff', ...words]);
  expect({ stderr: words.includes('-q') ? stderr : '', code }).toEqual({ stderr: '', code: 0 });
  return stdout;
}

/** Returns the title and the colour of each box in a picture. */
function titlesOf(svg: string): (readonly [title: string, color: string])[] {
  return [...svg.matchAll(/<title>([^<]*)<\/title><rect[^>]* fill="([^"]*)"/g)].map(
    ([, title, color]) => [title!, color!] as const,
  );
}

describe('diff', () => {
  it('lists significant differences in a table, largest first, and marks new and vanished functions', async () => {
    expect(await diff(file('before', BEFORE), file('after', AFTER))).toBe(
      `1000 samples before, 2000 samples after; 4 of 5 functions differ significantly (5 tests, Holm, level 0.05)

self before    after   points    95 % interval  total before    after   points    95 % interval  function
    81.00 %  60.00 %  -21.00*  -24.17 … -17.68       81.00 %  60.00 %  -21.00*  -24.17 … -17.68  rest
     0.00 %  20.00 %  +20.00*  +18.26 … +21.81        0.00 %  20.00 %  +20.00*  +18.26 … +21.81  new (new)
    10.00 %  20.00 %  +10.00*   +7.37 … +12.49       10.00 %  20.00 %  +10.00*   +7.37 … +12.49  hot
     9.00 %   0.00 %   -9.00*   -10.93 … -7.37        9.00 %   0.00 %   -9.00*   -10.93 … -7.37  gone (vanished)

1 more function without a significant difference; --all lists all functions
`,
    );
  });
  it('shows every function with --all', async () => {
    const table = await diff(file('before', BEFORE), file('after', AFTER), '--all');
    expect(table).toMatch(/ 0\.00 {3}.* 100\.00 % +100\.00 % +0\.00 .* main\n$/);
  });
  it('writes folded text with two counts, and scales the "before" counts to the "after" total', async () => {
    const files = [file('before', BEFORE), file('after', AFTER)];
    expect(await diff(...files, ...folded)).toBe(
      'main;gone 180 0\nmain;hot 200 400\nmain;new 0 400\nmain;rest 1620 1200\n',
    );
    expect(await diff(...files, ...folded, '--no-normalize')).toBe(
      'main;gone 90 0\nmain;hot 100 400\nmain;new 0 400\nmain;rest 810 1200\n',
    );
  });
  it.each([
    [
      ['--no-normalize'],
      'burn;main 3 8|burn;main;hash;0x7f3a10 6 0|burn;main;hash;0x7f9b44 0 9|burn;main;new_sort 0 12|burn;main;old_sort 20 0|burn;main;parse 14 31|burn;main;parse;read_line 11 15',
    ],
    [
      [],
      'burn;main 4 8|burn;main;hash;0x7f3a10 8 0|burn;main;hash;0x7f9b44 0 9|burn;main;new_sort 0 12|burn;main;old_sort 27 0|burn;main;parse 19 31|burn;main;parse;read_line 15 15',
    ],
    [
      ['--strip-hex'],
      'burn;main 4 8|burn;main;hash;0x... 8 9|burn;main;new_sort 0 12|burn;main;old_sort 27 0|burn;main;parse 19 31|burn;main;parse;read_line 15 15',
    ],
  ])(
    'writes the same text as difffolded.pl and inferno-diff-folded with the options %j',
    async (words, golden) => {
      const before = file(
        'before',
        'burn;main;parse 14\nburn;main;parse;read_line 11\nburn;main;hash;0x7f3a10 6\nburn;main;old_sort 20\nburn;main 3\n',
      );
      const after = file(
        'after',
        'burn;main;parse 31\nburn;main;parse;read_line 15\nburn;main;hash;0x7f9b44 9\nburn;main;new_sort 12\nburn;main 8\n',
      );
      expect((await diff(before, after, ...folded, ...words)).trimEnd().split('\n')).toEqual(
        golden.split('|'),
      );
    },
  );
  it('skips a line of folded text that is not a stack, and reports it', async () => {
    const { code, stdout, stderr } = await stapflame([
      'diff',
      file('before', 'main;a 5\nmain;b\n'),
      file('after', 'main;a 6\n'),
      '--output-format',
      'folded',
      '--no-normalize',
    ]);
    expect({ code, stdout }).toEqual({ code: 75, stdout: 'main;a 5 6\n' });
    expect(stderr).toContain(
      '1 line of the input is not a stack (root;…;leaf COUNT); such lines are left out (first: line 2)',
    );
  });
  it("scales counts by each side's duration and period with --by time", async () => {
    const before = file('before', `# stapflame duration=1000 period=10000000\n${BEFORE}`);
    const after = file('after', `# stapflame duration=3000 period=10000000\n${AFTER}`);
    expect(await diff(before, after, ...folded, '--by', 'time')).toContain('main;hot 300 400\n');
    const { code, stderr } = await stapflame(['diff', before, file('other', AFTER), '--by', 'time']);
    expect(code).toBe(65);
    expect(stderr).toContain(`${join(directory, 'other')} (after) does not say how long sampling took`);
  });
  it('adds up several files per side, including traces and compressed files', async () => {
    const { trace } = caseOf('burn-u_g');
    const packed = file('packed.gz', gzipSync(readFileSync(trace)));
    const text = file('trace.folded', (await stapflame(['fold', trace])).stdout);
    const both = await diff('--before', packed, trace, '--after', text, ...folded, '--no-normalize');
    for (const line of both.trim().split('\n')) {
      const [, before, after] = / (\d+) (\d+)$/.exec(line)!;
      expect(Number(before)).toBe(Number(after) * 2);
    }
  });
  it('counts compiler-generated copies of a function as one, and all addresses as one with --strip-hex', async () => {
    const before = file('before', 'main;f.isra.0 5\nmain;0x4011aa 7\n');
    const after = file('after', 'main;f.constprop.1 5\nmain;0x4022bb 7\n');
    expect(await diff(before, after, ...folded, '--strip-hex')).toBe('main;0x... 7 7\nmain;f 5 5\n');
    expect(await diff(before, after, ...folded, '--no-merge-clones')).toBe(
      'main;0x4011aa 7 0\nmain;0x4022bb 0 7\nmain;f.constprop.1 0 5\nmain;f.isra.0 5 0\n',
    );
  });
  it('draws a picture that has the numbers in its titles and includes vanished functions', async () => {
    const picture = join(directory, 'diff.svg');
    await diff(file('before', BEFORE), file('after', AFTER), '-o', picture);
    const svg = readFileSync(picture, 'utf8');
    const colorOf = (start: string): string => titlesOf(svg).find(([title]) => title.startsWith(start))![1];
    const titles = titlesOf(svg).map(([title]) => title);
    expect(titles).toContain(
      'hot (400 samples, 20.00 %; before 100, 10.00 %; +10.00 [+7.37 … +12.49] points, significant)',
    );
    expect(titles).toContain(
      'gone (0 samples, 0.00 %; before 90, 9.00 %; −9.00 [−10.93 … −7.37] points, significant, vanished)',
    );
    expect(titles.some((title) => title.startsWith('new (') && title.endsWith('significant, new)'))).toBe(
      true,
    );
    const [red, blue] = [/#f[\da-f]{2}/, /#[5-9a][\da-f]{3}f/];
    expect(colorOf('main')).toBe(colorOf('all'));
    expect(colorOf('new')).toMatch(red);
    expect(colorOf('rest')).toMatch(blue);
    expect(svg).toContain('1,000 samples before, 2,000 samples after; ');
    expect(svg).toContain(
      '4 of 5 functions differ significantly (5 tests, Holm, level 0.05); boxes are tested separately, in the same way',
    );
  });
  it('draws boxes in grey if their change is not significant at the --significance level, except with --all', async () => {
    const files = [file('before', 'a 500\nb 4500\n'), file('after', 'a 560\nb 4440\n')];
    const picture = join(directory, 'chance.svg');
    const isGrey = async (...words: string[]): Promise<boolean> => {
      await diff(...files, '-o', picture, ...words);
      const colors = new Map(
        titlesOf(readFileSync(picture, 'utf8')).map(([title, color]) => [title[0], color]),
      );
      return colors.get('b') === '#e6e6e6';
    };
    // p = 0.06
    expect(await isGrey()).toBe(true);
    expect(await isGrey('--significance', '0.3')).toBe(false);
    expect(await isGrey('--all')).toBe(false);
  });
  it('writes an HTML page if the name of the output file ends in .html', async () => {
    const page = join(directory, 'diff.html');
    await diff(file('before', BEFORE), file('after', AFTER), '-o', page);
    expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>/);
  });
  it('says that the significance is unknown if weights are not sample counts, and draws no box in grey', async () => {
    const before = file('before', `# stapflame unit=us\n${BEFORE}`);
    const after = file('after', `# stapflame unit=us\n${AFTER}`);
    const table = await diff(before, after);
    expect(table).toMatch(/^1000 us before, 2000 us after; significance unknown: weights are us/);
    expect(table).toContain('  hot\n');
    const picture = join(directory, 'times.svg');
    await diff(before, after, '-o', picture);
    const svg = readFileSync(picture, 'utf8');
    expect(svg).toContain('significance unknown: weights are us');
    expect(svg).not.toMatch(/not significant|, significant/);
    for (const [title, color] of titlesOf(svg))
      if (!/^(?:all|main) /.test(title)) expect(color).not.toBe('#e6e6e6');
  });
  it('reports the damage on either side, and exits with 75', async () => {
    const damaged = file('damaged', ' 0x1 : f+0x1/0x2 [/p]\n\u0001\n\t7\n 0x1 : f+0x1/0x2 [/p]\n\t1\n');
    const whole = file('whole', ' 0x1 : f+0x1/0x2 [/p]\n\t3\n');
    const summary = join(directory, 'summary.json');
    for (const [side, files] of [
      ['before', [damaged, whole]],
      ['after', [whole, damaged]],
    ] as const) {
      const { code, stderr } = await stapflame(['diff', ...files, '--summary', summary]);
      expect(code).toBe(75);
      expect(stderr).toContain(`stapflame: ${side}: 1 record is damaged, at byte 22 (control-byte)`);
      expect(stderr).toContain(`stapflame: incomplete: 1 damaged record (${side})\n`);
      expect(JSON.parse(readFileSync(summary, 'utf8'))).toMatchObject({
        complete: false,
        before: { complete: side !== 'before' },
        after: { complete: side !== 'after' },
      });
    }
    const lines = [file('lines', `${BEFORE}no stack\n`), file('folded', AFTER)];
    expect(await stapflame(['diff', ...lines, '-o', '/dev/null'])).toMatchObject({
      code: 75,
      stderr: expect.stringContaining('incomplete: 1 line that is not a stack (before)\n') as string,
    });
  });
  it('says how many samples each side has', async () => {
    const { stderr } = await stapflame(['diff', file('before', BEFORE), file('after', AFTER)]);
    expect(stderr).toBe('stapflame: 1000 samples before, 2000 samples after, in 4 distinct stacks\n');
  });
  it.each([[['--json']], [['-o', 'diff.json']]])('writes all functions as JSON: %j', async (words) => {
    const out = words.map((word) => (word.startsWith('-') ? word : join(directory, word)));
    const stdout = await diff(file('before', BEFORE), file('after', AFTER), '-q', ...out);
    const table = JSON.parse(out[1] === undefined ? stdout : readFileSync(out[1], 'utf8')) as {
      functions: { name: string }[];
    };
    expect(table).toMatchObject({ unit: 'samples', before: 1000, after: 2000, significance: 0.05, tests: 5 });
    expect(table.functions.map(({ name }) => name)).toEqual(['rest', 'new', 'hot', 'gone', 'main']);
    expect(table.functions[1]).toMatchObject({
      self: { before: 0, after: 400, percentAfter: 20, points: 20, isSignificant: true },
    });
  });
  it('rejects inputs with different units', async () => {
    const { code, stderr } = await stapflame([
      'diff',
      file('before', BEFORE),
      file('after', `# stapflame unit=us\n${AFTER}`),
    ]);
    expect(code).toBe(65);
    expect(stderr).toContain('different things cannot be compared');
  });
});

describe('diff --fail-above', () => {
  const run = async (...words: string[]): Promise<{ code: number | null; stderr: string }> =>
    stapflame(['diff', file('before', BEFORE), file('after', AFTER), '-q', ...words]);

  it("exits with 1 and names the function if a function's share grew by more than the limit", async () => {
    const { code, stderr } = await run('--fail-above', '15%');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'stapflame: increased by more than 15 points: new +20.00\n',
    });
  });
  it('exits with 0 if no function with enough samples grew by more than the limit', async () => {
    expect((await run('--fail-above', '25%')).code).toBe(0);
    expect((await run('--fail-above', '15%', '--min-samples', '401')).code).toBe(0);
  });
  it('exits with 0 if the growth is not significant', async () => {
    const noise = ['main;a 60\nmain;b 60\n', 'main;a 70\nmain;b 55\n'].map((text, i) =>
      file(`noise${i}`, text),
    );
    expect((await stapflame(['diff', ...noise, '--fail-above', '2'])).code).toBe(0);
  });
});

it('diff requires exactly two sides to compare', async () => {
  for (const words of [['a'], ['--before', 'a'], ['a', 'b', '--after', 'c']]) {
    const { code, stderr } = await stapflame(['diff', ...words]);
    expect(code).toBe(64);
    expect(stderr).toContain('expected two files to compare');
  }
});
