import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MAIN, stapflame } from './stapflame.ts';

let directory: string;
let file: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'stapflame-usage-'));
  file = join(directory, 'x.folded');
  writeFileSync(file, 'a;b 1\n');
});
afterAll(() => rmSync(directory, { recursive: true }));

it.each([
  ['render --colors rde', /^stapflame: --colors: expected one of hot, .*, got "rde"; did you mean red\?\n$/],
  ['render --width 5', '--width: expected at least 100, got 5'],
  ['render --width abc', '--width: expected a number, such as 0.1 or 1200, got abc'],
  ['render --bgcolors foo', '--bgcolors: expected #rrggbb, got "foo"'],
  ['render --colours red', 'there is no option --colours; did you mean --colors?'],
  ['fold --memory 1', '--memory: expected at least 16384, got 1'],
  ['fold -o', '-o, --output: expected a value (<file>), got none'],
  ['record --mode strem -p 1', '--mode: expected one of stream, aggregate, got strem; did you mean stream?'],
  ['record -p 1 --max-rate 0', '--max-rate: expected a whole number from 1 to 100000, got 0'],
  ['record', 'expected one of --pid, --pids, --command and --system; add -p PID to sample a process'],
  [
    'record 42',
    'record takes no arguments, got 1; add -p PID to sample a process, or -c COMMAND to start and sample one',
  ],
  ['man flame', 'man takes no arguments, got 1'],
  ['diff a b c', 'diff takes 2 arguments, got 3; for several files, use --before FILE… --after FILE…'],
  ['completion', 'expected SHELL, got none; stapflame completion --help shows an example'],
  ['report', 'there is no command report; did you mean top?'],
  ['pprof x', 'there is no command pprof; did you mean fold -o profile.pb.gz?'],
  ['flame --palette java', 'there is no option --palette; did you mean --colors <text>?'],
  ['fold --threads=4', 'there is no option --threads; did you mean --jobs <number>?'],
  ['top --cum', 'there is no option --cum; did you mean --sort total?'],
  ['fold --cum', 'there is no option --cum; stapflame fold --help lists them'],
  ['record -g -p 1', 'there is no option -g, and none is needed: each sample is a stack'],
  [
    'flame --format svg',
    '--format: expected one of framed, classic, got svg; --output-format is the format of the output',
  ],
  [
    `peek ${fileURLToPath(import.meta.url)} main`,
    `${fileURLToPath(import.meta.url)} is a file; the expression comes first: stapflame peek REGEX FILE`,
  ],
  [
    'diff a b -o x.tsv',
    '-o x.tsv: diff does not write .tsv files; it writes .txt, .json, .folded, .collapsed, .svg, .html, .htm',
  ],
  ['fold -o x.pb', '-o x.pb: stapflame does not write .pb files; name the file .pb.gz, which pprof reads'],
  ['flmae', 'there is no command flmae; did you mean flame?'],
  ['help flmae', 'there is no command flmae; did you mean flame?'],
  ['help nonsense', /^stapflame: there is no command nonsense; the commands are flame, fold, .*\n$/],
  ['doctor --host @', '--host: expected HOST or USER@HOST of letters, digits and . _ - :, got "@"'],
])('stapflame %s exits with 64 and a message about the wrong flag or command', async (words, message) => {
  const { code, stdout, stderr } = await stapflame(words.split(' '));
  expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
  if (typeof message === 'string') expect(stderr).toBe(`stapflame: ${message}\n`);
  else expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\u2716|\u2192|maxRate|invalid|commander|zod/);
});

it('a file name in place of a command results in a message with the commands that read the file', async () => {
  const { code, stderr } = await stapflame([file]);
  expect(code).toBe(64);
  expect(stderr).toContain(`${file} is a file, not a command; stapflame flame FILE draws a trace`);
});

it.each([['--help'], ['help'], ['--version'], ['help', 'fold'], ['help', 'help']])(
  'stapflame %s %s exits with 0',
  async (...words) => {
    const { code, stderr } = await stapflame(words);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  },
);

it('fold -q says why a trace is incomplete, in one line and in the --summary file', async () => {
  const trace = ' 0x1 : f+0x1/0x2 [/p]\n\t3\n 0x1 : f+0x';
  const summary = join(directory, 'summary.json');
  const { code, stderr } = await stapflame(['fold', '-q', '--summary', summary, '-'], trace);
  expect({ code, stderr }).toEqual({
    code: 75,
    stderr: 'stapflame: incomplete: 1 record cut off at the end\n',
  });
  expect(JSON.parse(readFileSync(summary, 'utf8'))).toMatchObject({
    complete: false,
    incomplete: 'incomplete: 1 record cut off at the end',
  });
  expect((await stapflame(['render', '-q'], 'a;b 1\nno stack\n')).stderr).toBe(
    'stapflame: incomplete: 1 line that is not a stack\n',
  );
});

it.each([
  [['--base', 'nofunc'], 65, 'no frame is named nofunc (--base), so no stack is left'],
  [['--total', '1'], 0, '--total 1 is less than the 3 samples in the input, so the picture shows 3'],
  [['--sorted', '--reverse'], 0, '--sorted has no effect with --reverse'],
])('explains an unexpected result of render %j', async (words, exit, message) => {
  const { code, stderr } = await stapflame(['render', ...words], 'a;b 1\na;c 2\n');
  expect(code).toBe(exit);
  expect(stderr).toContain(`stapflame: ${message}`);
});

it.each([
  [['flame', '-o', '/dev/null'], 2, '20.0 % of samples contain frames without a name ([unknown])'],
  [['flame', '--flamechart', '-o', '/dev/null'], 2, '20.0 % of samples'],
  [['flame', '-o', '/dev/null'], 0, undefined],
])(
  'reports the share of samples without names if it is large: %j, %i samples',
  async (words, count, message) => {
    const named = ' 0x1 : f+0x1/0x2 [/p]\n 0x2 : main+0x1/0x2 [/p]\n\t8\n';
    const trace = count > 0 ? `${named} 0x3\n 0x2 : main+0x1/0x2 [/p]\n\t${count}\n` : named;
    const { stderr, code } = await stapflame(words, trace);
    expect(code).toBe(0);
    if (message === undefined) expect(stderr).not.toContain('[unknown]');
    else expect(stderr).toContain(`stapflame: ${message}`);
  },
);

it('accepts --base several times', async () => {
  const { stdout } = await stapflame(
    ['render', '-q', '--base', 'b', '--base', 'c', '--output-format', 'folded'],
    'a;b;x 1\na;c;y 2\nd 4\n',
  );
  expect(stdout).toBe('# stapflame base=b base=c filtered=4\nb;x 1\nc;y 2\n');
});

it.each([
  ['a count', '\tx', '1 record is damaged, at byte 22 (count); its weight cannot be read'],
  [
    'a control byte',
    '\u0001\n\t7',
    '1 record is damaged, at byte 22 (control-byte); its weight is in [damaged]',
  ],
  [
    'a message and a count',
    'aERROR: b\n\t7\n 0x1\n\tx',
    '2 records are damaged, the first at byte 22 (message); 7 of their weight is in [damaged]',
  ],
])('reports damaged records and where their weight goes: damaged by %s', async (_, lines, message) => {
  const frame = ' 0x1 : f+0x1/0x2 [/p]\n';
  const { stderr } = await stapflame(['fold'], `${frame}${lines}\n${frame}\t1\n`);
  expect(stderr).toContain(`stapflame: ${message}\n`);
});

it('reports that a trace contains more samples than were taken', async () => {
  const header = '# stapflame 1 mode=aggregate hz=99 pids=1 unit=samples limit=10\n';
  const trace = `${header} 0x1 : f+0x1/0x2 [/p]\n\t3\n# stapflame end hits=2\n`;
  const { code, stderr } = await stapflame(['fold'], trace);
  expect(code).toBe(75);
  expect(stderr).toContain('(repeated); the trace contains more samples than were taken');
});

it('reports headings that differ in every sample and became frames', async () => {
  const trace = Array.from({ length: 30 }, (_, i) => `at ${i * 7}\n 0x1 : f+0x1/0x2 [/p]\n\t1\n`).join('');
  const { stderr } = await stapflame(['fold'], trace);
  expect(stderr).toContain('30 of 30 samples have individual headings, such as "at 0" (byte 0)');
  expect(stderr).toContain('30 lines in an unknown format among the frames');
});

it('lists which attributes in a --nameattr file are ignored', async () => {
  const attributes = join(directory, 'nameattr');
  writeFileSync(attributes, 'b\ttitle=B\tclass=x\thref=javascript:1\n');
  const { stderr } = await stapflame(['render', '--nameattr', attributes], 'a;b 1\n');
  expect(stderr).toContain(`2 attributes in ${attributes} ignored (class, href)`);
});

it('refuses, before reading the input, to write a picture to a terminal', () => {
  const { status, stdout } = spawnSync(
    'script',
    ['-qec', `"${process.execPath}" "${MAIN}" render`, '/dev/null'],
    { encoding: 'utf8', input: 'a;b 1\n' },
  );
  expect(status).toBe(64);
  expect(stdout).toContain('a terminal cannot show pictures; add -o flame.svg');
});
