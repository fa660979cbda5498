import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { caseOf, stapflame } from './stapflame.ts';

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'stapflame-test-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const { trace, folded } = caseOf('burn-u_g');
const RECORD = ' 0x1 : leaf+0x1/0x2 [/p]\n 0x2 : root+0x1/0x2 [/p]\n\t3\n';

describe('input', () => {
  it('is read from standard input if no file is named or if the name is -', async () => {
    expect((await stapflame(['fold', '-q'], RECORD)).stdout).toBe('root;leaf 3\n');
    expect((await stapflame(['fold', '-q', '-'], RECORD)).stdout).toBe('root;leaf 3\n');
  });
  it('may consist of several traces, but a record left open by one trace does not continue in the next', async () => {
    const open = join(directory, 'open');
    writeFileSync(open, `${RECORD} 0x9 : open+0x1/0x2 [/p]\n`);
    const { code, stdout } = await stapflame(['fold', '-q', open, '-'], RECORD);
    expect(stdout).toBe('# stapflame incomplete truncated=1\nroot;leaf 6\n');
    expect(code).toBe(75);
  });
  it('that cannot be opened results in exit code 66 and a message with the reason', async () => {
    const missing = await stapflame(['fold', join(directory, 'missing')]);
    expect(missing.code).toBe(66);
    expect(missing.stderr).toContain('no such file');
    const folder = await stapflame(['fold', directory]);
    expect(folder.code).toBe(66);
    expect(folder.stderr).toContain('directory');
  });
  it.each([
    ['folded stacks', 'a;b 5\nc 7\n', 'use render'],
    ['an SVG', '<?xml version="1.0"?>\n<svg></svg>\n', 'an SVG'],
    ['JSON', '{"a": 1}\n', 'JSON'],
    ['UTF-16', '\ufeffx', 'UTF-16'],
    ['prose', 'hello\nworld\n', 'no lines with a count'],
  ])('is rejected with a message that names its format: %s', async (_, text, hint) => {
    const { code, stderr, stdout } = await stapflame(
      ['fold'],
      text.startsWith('\ufeff') ? Buffer.from(text, 'utf16le') : text,
    );
    expect({ code, stdout }).toEqual({ code: 65, stdout: '' });
    expect(stderr).toContain(hint);
  });
  it('must have the format given by --input', async () => {
    const { code, stderr } = await stapflame(['fold', '--input', 'stap'], 'a;b 5\nc 7\n');
    expect({ code, stderr }).toEqual({ code: 65, stderr: expect.stringContaining('it is folded stacks') });
    const wrong = await stapflame(['fold', '--input', 'stab'], RECORD);
    expect({ code: wrong.code, stderr: wrong.stderr }).toEqual({
      code: 64,
      stderr: expect.stringContaining('did you mean stap?'),
    });
  });
  it('with only damaged records results in exit code 65 and a message that says where the first one is', async () => {
    const { code, stderr } = await stapflame(['fold'], ' 0x1\n\u0001\n\t5\n');
    expect(code).toBe(65);
    expect(stderr).toContain('first at byte 5');
  });
  it('may contain folded stacks in any order', async () => {
    const { stdout } = await stapflame(['render', '-q'], 'foo 5\nfoo.isra.0;x 3\nfoo;b 200\n');
    expect(stdout.match(/<title>foo \(/g)).toHaveLength(1);
    expect(stdout).toContain('foo (205 samples');
  });
});

describe('output', () => {
  it('is written to a file completely or not at all', async () => {
    const file = join(directory, 'out.folded');
    expect((await stapflame(['fold', '-q', '-o', file, trace])).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(folded);
    expect((await stapflame(['fold', '-q', '-o', file], 'nothing')).code).toBe(65);
    expect(readFileSync(file, 'utf8')).toBe(folded);
    expect(readdirSync(directory)).toEqual(['out.folded']);
  });
  it('never overwrites an input', async () => {
    const file = join(directory, 'trace');
    writeFileSync(file, RECORD);
    const { code, stderr } = await stapflame(['fold', '-o', file, file]);
    expect(code).toBe(64);
    expect(stderr).toContain('both an input and an output');
    expect(readFileSync(file, 'utf8')).toBe(RECORD);
  });
  it('that cannot be written results in exit code 74', async () => {
    const { code, stderr } = await stapflame(['fold', '-o', join(directory, 'missing', 'out'), trace]);
    expect(code).toBe(74);
    expect(stderr).toContain(join(directory, 'missing', 'out'));
  });
  it('from flame equals the output of fold piped into render', async () => {
    const flame = await stapflame(['flame', '-q', '--title', 'x', trace]);
    const fold = await stapflame(['fold', '-q', trace]);
    expect(flame.stdout).toBe((await stapflame(['render', '-q', '--title', 'x'], fold.stdout)).stdout);
  });
  it('is the same each time the command runs', async () => {
    const runs = await Promise.all([1, 2].map(() => stapflame(['flame', '-q', trace])));
    expect(runs[0]!.stdout).toBe(runs[1]!.stdout);
  });
  it("shows stacks merged from the leaf with --reverse, and in the input's order with --flamechart", async () => {
    const reversed = await stapflame(['render', '-q', '--reverse'], 'a;x 1\nb;x 2\n');
    expect(reversed.stdout).toContain('x (3 samples');
    const chart = await stapflame(['render', '-q', '--flamechart'], 'b 1\na 2\nb 4\n');
    expect(chart.stdout.match(/<title>b \(/g)).toHaveLength(2);
    const fromTrace = await stapflame(
      ['flame', '-q', '--flamechart'],
      `${RECORD}${RECORD.replaceAll('root', 'other')}${RECORD}`,
    );
    expect(fromTrace.stdout.match(/<title>root \(/g)).toHaveLength(2);
  });
  it('from folded text with two counts has boxes sized by the second count and coloured by the change', async () => {
    const folded = 'b 1 1\na;x 10 2\nb 1 1\na;y 1 7\n';
    const { code, stdout } = await stapflame(['render', '-q'], folded);
    expect(code).toBe(0);
    expect(stdout).toContain('<title>x (2 samples');
    expect(stdout).toContain('<title>b (2 samples');
    const fills = (svg: string): string[] => svg.match(/fill="[^"]+"/g)!;
    const negated = (await stapflame(['render', '-q', '--negate'], folded)).stdout;
    expect(fills(negated)).not.toEqual(fills(stdout));
    expect(new Set(fills(negated))).not.toEqual(
      new Set(fills((await stapflame(['render', '-q'], 'b 2\na;x 2\na;y 7\n')).stdout)),
    );
  });
  it('from parse is one JSON object per stack, with the leaf first', async () => {
    const { stdout } = await stapflame(['parse', '-q'], RECORD);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      {
        count: 3,
        frames: [
          { label: 'leaf', symbol: 'leaf', offset: 1, module: '/p', address: '0x1', kernel: false },
          { label: 'root', symbol: 'root', offset: 1, module: '/p', address: '0x2', kernel: false },
        ],
      },
    ]);
  });
  it('does not depend on the memory budget, and no temporary file is left behind', async () => {
    const { code, stdout } = await stapflame(['fold', '-q', '--memory', '1M', '--tmpdir', directory, trace]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: folded });
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('the summary', () => {
  it('is one line on stderr, or nothing with -q', async () => {
    const { stderr } = await stapflame(['fold', trace]);
    expect(stderr).toBe(
      'stapflame: 2350 samples in 9 distinct stacks; 0 damaged, 0 truncated, 0 diagnostics\n',
    );
    expect((await stapflame(['fold', '-q', trace])).stderr).toBe('');
  });
  it('is also written as JSON with --summary', async () => {
    const file = join(directory, 'summary.json');
    const { code } = await stapflame([
      'fold',
      '-q',
      '--summary',
      file,
      caseOf('programs-real_openssl').trace,
    ]);
    expect(code).toBe(75);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      complete: false,
      trace: {
        bytes: 8691,
        records: 6,
        whole: 5,
        weight: 53,
        damaged: 1,
        damagedWeight: 7,
        truncated: 1,
        lost: 0,
        damage: [{ offset: 8179, reason: 'control-byte' }],
      },
      folded: { stacks: 6, weights: [53], distinct: 2 },
    });
  });
  it('contains no characters from the trace that could control the terminal', async () => {
    const { stderr } = await stapflame(['fold'], `${RECORD}WARNING: \u202e\u061c\u009b31mred\n`);
    expect(stderr).not.toMatch(/[\u0080-\u009f\u061c\u202e]/);
    expect(stderr).toContain('red');
  });
});

describe('the command line', () => {
  it.each([
    [['fold', '--nonsense']],
    [['nonsense']],
    [['script', '-p', '1']],
    [['script', '-p', 'x', '-t', '1']],
    [['script', '-p', '0', '-t', '1']],
    [['render', '--width', '1']],
    [['fold', '--memory', '1']],
    [['fold', '--memory', 'much']],
  ])('rejects %j with exit code 64 and a message', async (words) => {
    const { code, stderr, stdout } = await stapflame(words, RECORD);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr.length).toBeGreaterThan(20);
  });
  it('shows the help with --help', async () => {
    const { code, stdout } = await stapflame(['--help']);
    expect(code).toBe(0);
    for (const command of ['script', 'parse', 'fold', 'render', 'flame']) expect(stdout).toContain(command);
  });
  it('prints the script for the options -p, -t, -u, -k and -l', async () => {
    const { code, stdout, stderr } = await stapflame(['script', '-p', '21865', '-t', '50', '-u', '-k']);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^stapflame: run the script with: sudo stap -x 21865 /),
    });
    expect(stdout).toContain('pid() == 21865');
    expect((await stapflame(['script', '-p', '1', '-t', '5', '-l', '10'])).stdout).toContain('limit 10');
  });
});

describe('compressed input', () => {
  it('is recognised by its content rather than its name, in a file or a pipe', async () => {
    const file = join(directory, 'trace');
    writeFileSync(file, gzipSync(readFileSync(trace)));
    expect((await stapflame(['fold', '-q', file])).stdout).toBe(folded);
    expect((await stapflame(['fold', '-q'], gzipSync(readFileSync(trace)))).stdout).toBe(folded);
    expect((await stapflame(['render', '-q'], gzipSync(folded))).stdout).toContain('2,350 samples');
  });
  it('that ends early results in exit code 75 and output with the stacks read so far', async () => {
    const packed = gzipSync(readFileSync(caseOf('programs-real_perl').trace));
    const { code, stdout, stderr } = await stapflame(['fold'], packed.subarray(0, packed.length >> 1));
    expect(code).toBe(75);
    expect(stdout).toMatch(/^# stapflame incomplete truncated=1\n.*;.* \d+\n/);
    expect(stderr).toContain('is truncated or damaged');
  });
  it('in Zstandard format is decompressed if Node supports it, and is otherwise rejected with advice', async () => {
    const { code, stderr } = await stapflame(['fold'], Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0));
    expect([65, 66]).toContain(code);
    expect(stderr).toMatch(/Zstandard|nothing usable/);
  });
});

describe('the output format', () => {
  it("depends on the file name's extension", async () => {
    const file = (name: string): string => readFileSync(join(directory, name), 'utf8');
    await stapflame(['flame', '-q', '-o', 'x.folded'], RECORD, directory);
    expect(file('x.folded')).toBe('root;leaf 3\n');
    await stapflame(['fold', '-q', '-o', 'x.svg'], RECORD, directory);
    await stapflame(['flame', '-q', '-o', 'y.svg'], RECORD, directory);
    expect(file('x.svg')).toBe(file('y.svg'));
    await stapflame(['flame', '-q', '-o', 'y.html'], RECORD, directory);
    expect(file('y.html')).toMatch(/^<!doctype html>/);
    expect(file('y.html')).toContain('<title>leaf (3 samples, 100.00 %)</title>');
    await stapflame(['fold', '-q', '-o', 'x.txt'], RECORD, directory);
    expect(file('x.txt')).toBe('root;leaf 3\n');
  });
  it.each([
    ['flame', 'x.png', 'the View menu in the picture saves it as PNG'],
    ['fold', 'x.folded.gz', '| gzip > FILE'],
  ])('is rejected with advice if the command cannot write it: %s -o %s', async (command, name, advice) => {
    const { code, stderr } = await stapflame([command, '-o', name], RECORD, directory);
    expect({ code, stderr }).toEqual({ code: 64, stderr: expect.stringContaining(advice) });
    expect(readdirSync(directory)).not.toContain(name);
  });
  it('is the one given by --output-format, whatever the file name', async () => {
    await stapflame(
      ['render', '-q', '--output-format', 'folded', '-o', 'x.svg'],
      'b;c 1\na 2\nb;c 3\n',
      directory,
    );
    expect(readFileSync(join(directory, 'x.svg'), 'utf8')).toBe('a 2\nb;c 4\n');
    expect((await stapflame(['flame', '-q', '--output-format', 'folded'], RECORD)).stdout).toBe(
      'root;leaf 3\n',
    );
    const wrong = await stapflame(['flame', '--output-format', 'png'], RECORD);
    expect(wrong.code).toBe(64);
    expect(wrong.stderr).toContain(
      '--output-format: expected one of folded, svg, html, pprof, speedscope, firefox, tsv, ndjson, got png',
    );
  });
});

it('fold can write each stack as a table row that includes its host', async () => {
  const trace =
    '# stapflame 1 mode=stream hz=99 host=web1\n#< 0 1\n 0x1 : f+0x1/0x2 [/a]\nmain\n#> 0 1\n\t1\n# stapflame end hits=1\n';
  const tsv = await stapflame(['fold', '-q', '--output-format', 'tsv'], trace);
  expect(tsv).toMatchObject({ code: 0, stdout: 'stack\tcount\thost\nmain;f\t1\tweb1\n' });
  const ndjson = await stapflame(['fold', '-q', '--output-format', 'ndjson'], trace);
  expect(JSON.parse(ndjson.stdout)).toEqual({ stack: 'main;f', count: 1, host: 'web1' });
});
