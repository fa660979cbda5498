import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProcess } from '../../../testing/processes.ts';
import { caseOf, MAIN, stapflame } from './stapflame.ts';

let directory: string;
beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'stapflame-tables-'))));
afterAll(() => rmSync(directory, { recursive: true }));

const { trace, folded } = caseOf('programs-rust');
const STACKS = 'main;work;sort;compare 37\nmain;work;sort 60\nmain;wait 2\nmain;work;sort;sort 1\n';

interface Json {
  readonly unit: string;
  readonly weight: number;
  readonly filtered: number;
  readonly rows: readonly {
    readonly name: string;
    readonly module?: string;
    readonly self: { readonly weight: number };
    readonly total: { readonly weight: number; readonly share: number };
  }[];
}

async function json(words: readonly string[], input = ''): Promise<Json> {
  const { code, stdout, stderr } = await stapflame([...words, '-q', '--json'], input);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Json;
}

describe('top', () => {
  it('lists functions with their weights, counts recursion once, and accepts stacks in any order', async () => {
    const { code, stdout, stderr } = await stapflame(['top', '--sort', 'total', '--limit', '3'], STACKS);
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'stapflame: 100 samples in 4 stacks\n' });
    expect(stdout).toBe(`100 samples; 3 of 5 names

self  self %         95 %  total  total %          95 %  name
   0    0.00    0.00–3.70    100   100.00  96.30–100.00  main
  61   61.00  51.20–69.98     98    98.00   93.00–99.45  sort
   0    0.00    0.00–3.70     98    98.00   93.00–99.45  work
`);
  });
  it('lists the same weights for a trace and its folded stacks, even if they are compressed', async () => {
    const ofTrace = await json(['top', trace]);
    expect(ofTrace.rows.some(({ module }) => module?.startsWith('/') === true)).toBe(true);
    const plain = ofTrace.rows.map(({ name, self, total }) => ({ name, self, total }));
    expect((await json(['top', '--input', 'folded'], folded)).rows).toEqual(plain);
    const packed = join(directory, 'packed');
    writeFileSync(packed, gzipSync(folded));
    expect((await json(['top', packed])).rows).toEqual(plain);
  });
  it('writes the requested columns in the requested order and format', async () => {
    const file = join(directory, 'top.md');
    const words = ['top', '--markdown', '--columns', 'total-share,name', '--limit', '2', '-o', file];
    expect(await stapflame([...words, '-q'], STACKS)).toMatchObject({ code: 0, stdout: '' });
    expect(readFileSync(file, 'utf8')).toBe(
      '100 samples; 2 of 5 names\n\n| total % | name |\n| ---: | :--- |\n| 98.00 | sort |\n| 37.00 | compare |\n',
    );
  });
  it('applies filters, but shows shares of the unfiltered total', async () => {
    const { weight, filtered, rows } = await json(['top', '--focus', 'compare', '--hide', 'work'], STACKS);
    expect({ weight, filtered }).toEqual({ weight: 37, filtered: 63 });
    expect(rows.map(({ name, total }) => [name, total.weight, total.share])).toEqual([
      ['compare', 37, 0.37],
      ['main', 37, 0.37],
      ['sort', 37, 0.37],
    ]);
    const { stderr } = await stapflame(['top', '--focus', 'compare'], STACKS);
    expect(stderr).toBe('stapflame: 100 samples, 63 of them filtered out, in 1 stack\n');
  });
  it('shows demangled names, or mangled names with --no-demangle', async () => {
    const mangled = 'a;_ZN3foo3barEv 1\n';
    expect((await json(['top'], mangled)).rows[0]!.name).toBe('foo::bar()');
    expect((await json(['top', '--no-demangle'], mangled)).rows[0]!.name).toBe('_ZN3foo3barEv');
  });
});

describe('peek', () => {
  it('shows callers above each matching function, and callees below it', async () => {
    const { code, stdout } = await stapflame(['peek', '-q', '(?i)^SORT$'], STACKS);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `100 samples; 1 matching name

self  self %  total  total %  edge  edge %  name
                                98  100.00    from work
  61   61.00     98    98.00                sort
                                37   37.76    to compare
`,
    });
  });
  it('treats its first argument as the expression even if there is a file with this name', async () => {
    const input = join(directory, 'x.folded');
    writeFileSync(input, STACKS);
    const { code } = await stapflame(['peek', '-q', 'main', input, '-o', 'main'], '', directory);
    expect(code).toBe(0);
    expect(readFileSync(join(directory, 'main'), 'utf8')).toContain('to work');
  });
  it('exits with 65 if no name matches, and with 64 if the expression is missing or invalid', async () => {
    expect(await stapflame(['peek', 'nobody'], STACKS)).toMatchObject({
      code: 65,
      stdout: '',
      stderr: 'stapflame: no name matches nobody\n',
    });
    expect(await stapflame(['peek', 'a('], STACKS)).toMatchObject({
      code: 64,
      stderr: 'stapflame: REGEX: expected a regular expression (Unterminated group), got a(\n',
    });
    expect((await stapflame(['peek'])).code).toBe(64);
  });
});

describe('tree', () => {
  it('merges stacks, and leaves out entries whose share is below --min-share', async () => {
    const { code, stdout, stderr } = await stapflame(['tree', '--min-share', '2%'], STACKS);
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'stapflame: 100 samples in 4 distinct stacks\n' });
    expect(stdout).toBe(`100 samples; entries under 2.00 % are left out

total %   self %  name
 100.00     0.00  main
  98.00     0.00  ├─ work
  98.00    60.00  │  sort
  37.00    37.00  │  compare
   2.00     2.00  └─ wait
`);
  });
  it('prints the same text for a trace and for its folded stacks', async () => {
    const ofTrace = await stapflame(['tree', '-q', trace]);
    expect(ofTrace.code).toBe(0);
    expect((await stapflame(['tree', '-q'], folded)).stdout).toBe(ofTrace.stdout);
  });
  it('shows only the requested levels', async () => {
    const { stdout } = await stapflame(['tree', '-q', '--max-depth', '1'], STACKS);
    expect(stdout).toBe(
      '100 samples; entries under 0.50 % are left out, and so are 3 levels below level 1\n\ntotal %   self %  name\n 100.00     0.00  main\n',
    );
  });
});

describe('a table', () => {
  it.each([['top'], ['peek', '.'], ['tree']])(
    'has the format of the output file: %s %s',
    async (...words) => {
      for (const [ending, flag] of [
        ['json', '--json'],
        ['md', '--markdown'],
      ] as const) {
        const file = join(directory, `table.${ending}`);
        await stapflame([...words, '-q', '-o', file], STACKS);
        const { stdout } = await stapflame([...words, '-q', flag], STACKS);
        expect(readFileSync(file, 'utf8')).toBe(stdout);
      }
    },
  );
  it.each([['top'], ['peek', '.'], ['tree']])(
    'is written even if the input is incomplete, and %s exits with 75',
    async (...words) => {
      const { code, stdout, stderr } = await stapflame([...words], `${STACKS}no stack\n`);
      expect(code).toBe(75);
      expect(stdout).toContain('main');
      expect(stderr).toContain('1 line that is not a stack');
    },
  );
  it.each([
    [['top', '--limit', 'x'], '-n, --limit: expected a whole number, got x'],
    [['top', '--sort', 'name'], '--sort: expected one of self, total, got name'],
    [
      ['top', '--columns', 'self,cost'],
      '--columns: expected column names separated by commas (self, self-share, self-interval, total, total-share, total-interval, module, name), got self,cost',
    ],
    [['tree', '--min-share', '0'], '--min-share: expected a share from 0.01% to 100%, got 0'],
    [['tree', '--max-depth', '0'], '--max-depth: expected at least 1, got 0'],
  ])('is not written for the invalid options %j', async (words, message) => {
    expect(await stapflame(words, STACKS)).toMatchObject({
      code: 64,
      stdout: '',
      stderr: `stapflame: ${message}\n`,
    });
  });
  it.each([['top'], ['tree']])(
    'is not written if there are no stacks, and %s exits with 65',
    async (command) => {
      const { code, stdout } = await stapflame([command, '--input', 'folded'], '# nothing\n');
      expect({ code, stdout }).toEqual({ code: 65, stdout: '' });
    },
  );
  it('is not written for input in another format, which the message names', async () => {
    expect(await stapflame(['top'], 'hello\nworld\n')).toMatchObject({
      code: 65,
      stderr: 'stapflame: nothing usable in standard input: no folded stacks (root;…;leaf COUNT)\n',
    });
    const picture = await stapflame(['top'], '<?xml version="1.0"?>\n<svg></svg>\n');
    expect(picture.code).toBe(65);
    expect(picture.stderr).toContain('it is an SVG');
  });
  it('fits the terminal, is coloured, and contains no control characters from names', async () => {
    const file = join(directory, 'hostile.folded');
    writeFileSync(file, `a;${'long'.repeat(40)} 99\na;\u202eevil 1\n`);
    const command = `stty cols 60; "$NODE" "$MAIN" top -q "$FILE"; NO_COLOR=1 "$NODE" "$MAIN" tree -q "$FILE"`;
    const env = { ...process.env, NODE: process.execPath, MAIN, FILE: file };
    const child = startProcess('script', ['-qec', command, '/dev/null'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env,
    });
    const received = await text(child.stdout!);
    const [top = '', tree = ''] = received.split(/(?=100 samples; entries under)/);
    expect(top).toContain('\u001b[31m');
    expect(tree).not.toContain('\u001b[');
    const lines = received
      .replaceAll(/\u001b\[\d+m/g, '')
      .trimEnd()
      .split(/\r?\n/);
    expect(Math.max(...lines.map((line) => line.length))).toBe(60);
    expect(received).toContain('evil');
    expect(received).not.toContain('\u202e');
  });
});

it('the summary of top and render --sorted counts stacks without merging them', async () => {
  const file = join(directory, 'summary.json');
  await stapflame(['top', '-q', '--summary', file], 'a 0.1\nb 0.2\n');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ passed: { stacks: 2, weight: 0.3 } });
  const { stderr } = await stapflame(['render', '--sorted'], 'a;b 1\na;c 2\n');
  expect(stderr).toBe('stapflame: 3 samples in 2 stacks\n');
});
