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

describe('diff', () => {
  it('writes the table: what is significant, the largest difference first, new and vanished code named', async () => {
    expect(await diff(file('before', BEFORE), file('after', AFTER))).toBe(
      `1000 samples before, 2000 samples after; 4 of 5 functions differ significantly (5 tests, Holm, level 0.05)

self before    after   points    95 % interval  total before    after   points    95 % interval  function
    81.00 %  60.00 %  -21.00*  -24.17 … -17.68       81.00 %  60.00 %  -21.00*  -24.17 … -17.68  rest
     0.00 %  20.00 %  +20.00*  +18.26 … +21.81        0.00 %  20.00 %  +20.00*  +18.26 … +21.81  new (new)
    10.00 %  20.00 %  +10.00*   +7.37 … +12.49       10.00 %  20.00 %  +10.00*   +7.37 … +12.49  hot
     9.00 %   0.00 %   -9.00*   -10.93 … -7.37        9.00 %   0.00 %   -9.00*   -10.93 … -7.37  gone (vanished)

1 more function without a significant difference: --all shows them
`,
    );
  });
  it('with --all shows every function', async () => {
    const table = await diff(file('before', BEFORE), file('after', AFTER), '--all');
    expect(table).toMatch(/ 0\.00 {3}.* 100\.00 % +100\.00 % +0\.00 .* main\n$/);
  });
  it('writes folded text of two counts, those before on the scale of those after', async () => {
    const files = [file('before', BEFORE), file('after', AFTER)];
    expect(await diff(...files, ...folded)).toBe(
      'main;gone 180 0\nmain;hot 200 400\nmain;new 0 400\nmain;rest 1620 1200\n',
    );
    expect(await diff(...files, ...folded, '--no-normalize')).toBe(
      'main;gone 90 0\nmain;hot 100 400\nmain;new 0 400\nmain;rest 810 1200\n',
    );
  });
  it('--by time takes the duration that both sides name, and the rate', async () => {
    const before = file('before', `# stapflame duration=1000 period=10000000\n${BEFORE}`);
    const after = file('after', `# stapflame duration=3000 period=10000000\n${AFTER}`);
    expect(await diff(before, after, ...folded, '--by', 'time')).toContain('main;hot 300 400\n');
    const { code, stderr } = await stapflame(['diff', before, file('other', AFTER), '--by', 'time']);
    expect(code).toBe(65);
    expect(stderr).toContain(`${join(directory, 'other')} (after) does not say how long it was sampled`);
  });
  it('takes several files of each side, packed ones and traces among them, and equals merge and fold', async () => {
    const { trace } = caseOf('burn-u_g');
    const packed = file('packed.gz', gzipSync(readFileSync(trace)));
    const text = file('trace.folded', (await stapflame(['fold', trace])).stdout);
    const both = await diff('--before', packed, trace, '--after', text, ...folded, '--no-normalize');
    for (const line of both.trim().split('\n')) {
      const [, before, after] = / (\d+) (\d+)$/.exec(line)!;
      expect(Number(before)).toBe(Number(after) * 2);
    }
  });
  it('compares copies of a function, and with --strip-hex addresses, as one', async () => {
    const before = file('before', 'main;f.isra.0 5\nmain;0x4011aa 7\n');
    const after = file('after', 'main;f.constprop.1 5\nmain;0x4022bb 7\n');
    expect(await diff(before, after, ...folded, '--strip-hex')).toBe('main;0x... 7 7\nmain;f 5 5\n');
    expect(await diff(before, after, ...folded, '--no-merge-clones')).toBe(
      'main;0x4011aa 7 0\nmain;0x4022bb 0 7\nmain;f.constprop.1 0 5\nmain;f.isra.0 5 0\n',
    );
  });
  it('draws a picture whose titles carry the numbers, with what vanished, and grey where nothing is significant', async () => {
    const picture = join(directory, 'diff.svg');
    await diff(file('before', BEFORE), file('after', AFTER), '-o', picture);
    const svg = readFileSync(picture, 'utf8');
    const titles = [...svg.matchAll(/<title>([^<]*)<\/title><rect[^>]* fill="([^"]*)"/g)].map(
      ([, title, color]) => [title!, color] as const,
    );
    const colorOf = (start: string): string => titles.find(([title]) => title.startsWith(start))![1]!;
    expect(titles.map(([title]) => title)).toContain(
      'hot: self 10.00 % → 20.00 %, +10.00 points [+7.37 … +12.49] significant; total 10.00 % → 20.00 %, +10.00 points [+7.37 … +12.49] significant',
    );
    expect(titles.some(([title]) => title.startsWith('gone (vanished): self 9.00 % → 0.00 %'))).toBe(true);
    expect(titles.some(([title]) => title.startsWith('[vanished] (180 samples'))).toBe(true);
    expect(colorOf('main')).toBe('#cdcdcd');
    expect(colorOf('new')).toMatch(/^#e[a-c]/);
    expect(colorOf('rest')).toBe('#608ee8');
  });
  it('says that significance is unknown where weights are no counts of samples, and greys nothing', async () => {
    const before = file('before', `# stapflame unit=us\n${BEFORE}`);
    const after = file('after', `# stapflame unit=us\n${AFTER}`);
    const table = await diff(before, after);
    expect(table).toMatch(/^1000 us before, 2000 us after; significance unknown: weights are us/);
    expect(table).toContain('  hot\n');
  });
  it('refuses to compare different units', async () => {
    const { code, stderr } = await stapflame([
      'diff',
      file('before', BEFORE),
      file('after', `# stapflame unit=us\n${AFTER}`),
    ]);
    expect(code).toBe(65);
    expect(stderr).toContain('they cannot be compared');
  });
});

describe('diff --fail-above', () => {
  const run = async (...words: string[]): Promise<{ code: number | null; stderr: string }> =>
    stapflame(['diff', file('before', BEFORE), file('after', AFTER), '-q', ...words]);

  it('ends with 1 where a function is higher, with what was asked for written', async () => {
    const { code, stderr } = await run('--fail-above', '15%');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'stapflame: more than 15 points above before: new +20.00\n',
    });
  });
  it('ends with 0 where none is, or none has as many samples', async () => {
    expect((await run('--fail-above', '25%')).code).toBe(0);
    expect((await run('--fail-above', '15%', '--min-samples', '401')).code).toBe(0);
  });
  it('does not take chance for a difference', async () => {
    const noise = ['main;a 60\nmain;b 60\n', 'main;a 70\nmain;b 55\n'].map((text, i) =>
      file(`noise${i}`, text),
    );
    expect((await stapflame(['diff', ...noise, '--fail-above', '2'])).code).toBe(0);
  });
});

it('diff wants two sides', async () => {
  for (const words of [['a'], ['--before', 'a'], ['a', 'b', '--after', 'c']]) {
    const { code, stderr } = await stapflame(['diff', ...words]);
    expect(code).toBe(64);
    expect(stderr).toContain('expected two files to compare');
  }
});
