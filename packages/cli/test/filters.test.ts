import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseOf, stapflame } from './stapflame.ts';

let directory: string;
beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'stapflame-filters-'))));
afterAll(() => rmSync(directory, { recursive: true }));

const { trace, folded } = caseOf('burn-uk_g');

/** Returns the lines of folded text that contain a stack and its count. */
const stacksOf = (text: string): string[] =>
  text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const countOf = (line: string): number => Number(line.slice(line.lastIndexOf(' ')));
const sumOf = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + countOf(line), 0);

const lines = stacksOf(folded);

describe('filters', () => {
  it('make fold keep only the stacks that --focus selects and report the number of filtered samples', async () => {
    const name = lines[0]!.split(';').at(-1)!.replace(/ \d+$/, '');
    const pattern = name.replaceAll(/[^\w]/g, '.');
    const kept = lines.filter((line) => new RegExp(pattern).test(line.replace(/ \d+$/, '')));
    const summary = join(directory, 'summary.json');
    const { code, stdout, stderr } = await stapflame([
      'fold',
      '--focus',
      pattern,
      '--summary',
      summary,
      trace,
    ]);
    expect(code).toBe(0);
    expect(stacksOf(stdout)).toEqual(kept);
    const filtered = sumOf(lines) - sumOf(kept);
    expect(filtered).toBeGreaterThan(0);
    expect(stdout).toContain(`# stapflame filtered=${filtered}\n`);
    expect(stderr).toContain(`${sumOf(lines)} samples, ${filtered} of them filtered out, in`);
    expect(JSON.parse(readFileSync(summary, 'utf8'))).toMatchObject({
      complete: true,
      facts: { filtered },
      selected: { filteredWeight: filtered, unmatched: [] },
    });
  });

  it.each([
    [
      ['--ignore', '^x$'],
      ['a;b;b 4', 'a;b;c 1'],
    ],
    [
      ['--hide', '^b$'],
      ['a 4', 'a;c 1', 'a;x 2'],
    ],
    [
      ['--show', 'b|c'],
      ['b 2', 'b;b 4', 'b;c 1'],
    ],
    [
      ['--show-from', 'b'],
      ['b;b 4', 'b;c 1', 'b;x 2'],
    ],
    [
      ['--base', 'c', '--base', 'x'],
      ['c 1', 'x 2'],
    ],
    [
      ['--skip-after', 'b'],
      ['b 4', 'b;c 1', 'b;x 2'],
    ],
    [['--collapse-recursion'], ['a;b 4', 'a;b;c 1', 'a;b;x 2']],
    [['--focus', '(?i)C'], ['a;b;c 1']],
    [
      ['--focus', 'b', '--ignore', 'x', '--hide', 'a', '--collapse-recursion'],
      ['b 4', 'b;c 1'],
    ],
  ])('select and change stacks in fold: %j', async (flags, expected) => {
    const text = ['a;b;c 1', 'a;b;x 2', 'a;b;b 4']
      .map((line) => {
        const [stack, count] = line.split(' ');
        const frames = stack!.split(';').toReversed();
        return `${frames.map((name) => ` 0x1 : ${name}+0x1/0x2 [/p]\n`).join('')}\t${count}\n`;
      })
      .join('');
    const { code, stdout } = await stapflame(['fold', '-q', ...flags], text);
    expect(code).toBe(0);
    expect(stacksOf(stdout)).toEqual(expected);
  });

  it('have the same effect in flame, fold, render and parse', async () => {
    const flags = ['--ignore', 'is_prime', '--hide', 'sysvec', '--show-from', '_main$'];
    const direct = await stapflame(['flame', '-q', ...flags, trace]);
    expect(direct.code).toBe(0);
    const stacks = (await stapflame(['fold', '-q', ...flags, trace])).stdout;
    expect((await stapflame(['render', '-q'], stacks)).stdout).toBe(direct.stdout);
    const whole = (await stapflame(['fold', '-q', trace])).stdout;
    expect((await stapflame(['render', '-q', ...flags], whole)).stdout).toBe(direct.stdout);
    const parsed = (await stapflame(['parse', '-q', ...flags, trace])).stdout.trim().split('\n');
    const counts = parsed.map((line) => (JSON.parse(line) as { count: number }).count);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(sumOf(stacksOf(stacks)));
  });

  it('match demangled names, or mangled names with --no-demangle', async () => {
    const text = 'a;_ZN3foo3barEv 1\na;b 2\n';
    const named = await stapflame(['render', '-q', '--focus', '^foo::bar'], text);
    expect(named.code).toBe(0);
    const mangled = await stapflame(['render', '-q', '--no-demangle', '--focus', '^foo::bar'], text);
    expect(mangled.code).toBe(65);
  });

  it('are reported if they match no frame, and result in exit code 65 if no stack is left', async () => {
    const text = 'a;b 1\n';
    const slip = await stapflame(['render', '--hide', 'zz', '--skip-after', 'y'], text);
    expect(slip.code).toBe(0);
    expect(slip.stderr).toContain('stapflame: no frame matches zz (--hide)\n');
    expect(slip.stderr).toContain('stapflame: no frame is named y (--skip-after)\n');
    for (const [flags, message] of [
      [['--focus', 'zz'], 'no frame matches zz (--focus), so no stack is left'],
      [['--base', 'y'], 'no frame is named y (--base), so no stack is left'],
      [['--ignore', 'a', '--base', 'b'], '--ignore a --base b leaves no stack'],
    ] as const)
      expect(await stapflame(['render', ...flags], text)).toMatchObject({
        code: 65,
        stdout: '',
        stderr: `stapflame: ${message}\n`,
      });
  });

  it.each([['focus'], ['ignore'], ['hide'], ['show'], ['show-from']])(
    'reject an invalid regular expression with exit code 64: --%s',
    async (flag) => {
      const { code, stdout, stderr } = await stapflame(['fold', `--${flag}`, 'a(b']);
      expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
      expect(stderr).toBe(
        `stapflame: --${flag}: expected a regular expression (Unterminated group), got a(b\n`,
      );
    },
  );

  it('also count the samples that an earlier command filtered out', async () => {
    const { stderr, stdout } = await stapflame(
      ['render', '--ignore', 'c'],
      '# stapflame filtered=5\na;b 1\na;c 2\n',
    );
    expect(stdout).toContain('<svg');
    expect(stderr).toContain('8 samples, 7 of them filtered out, in 1 distinct stack');
  });
});
