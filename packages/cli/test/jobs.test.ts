import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { share } from '../../../testing/properties.ts';
import { temporaryDirectory } from '../../../testing/cleanup.ts';
import { framedTrace, plainTrace } from '../../../testing/many-records.ts';
import { caseOf, stapflame } from './stapflame.ts';

let directory: string;
beforeEach(() => (directory = temporaryDirectory()));

function file(name: string, text: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

interface Folded {
  readonly code: number | null;
  readonly stderr: string;
  readonly text: string;
  readonly summary: unknown;
}

async function fold(trace: string | readonly string[], jobs: number, ...words: string[]): Promise<Folded> {
  const [output, summary] = ['folded', 'summary'].map((name) => join(directory, `${name}.${jobs}`)) as [
    string,
    string,
  ];
  const files = ['-o', output, '--summary', summary];
  const { code, stderr } = await stapflame([
    'fold',
    ...[trace].flat(),
    '--jobs',
    String(jobs),
    ...files,
    ...words,
  ]);
  const told = JSON.parse(readFileSync(summary, 'utf8'));
  // the number of spilled runs depends on the number of jobs, because each thread has its own table
  delete told.folded.spilledRuns;
  return { code, stderr, text: readFileSync(output, 'utf8'), summary: told };
}

/** Returns a trace from two hosts, whose lines have the prefixes that `stap --remote-prefix` writes. */
function prefixed(text: string): string {
  const lines = text.trimEnd().split('\n');
  return lines.flatMap((line) => [`0: ${line}\n`, `1: ${line}\n`]).join('');
}

const FRAMED = framedTrace(700);

describe('fold --jobs', () => {
  it.each([
    ['framed', FRAMED, 0],
    ['plain', plainTrace(700), 0],
    ['prefixed', prefixed(FRAMED), 0],
    ['framed without header and trailer', FRAMED.replaceAll(/^# .*\n/gm, ''), 75],
    ['truncated in its last record', FRAMED.slice(0, FRAMED.lastIndexOf('thread')), 75],
    ['missing some samples', FRAMED.replace('hits=700', 'hits=777'), 75],
    ['longer than its trailer says', FRAMED.replace('hits=700', 'hits=650'), 75],
    ['damaged by a torn record', FRAMED.replace('thread2\n#> 2 1350', 'thr\u0000ad2\n#> 2 1350'), 75],
    ['damaged by a record without a start line', FRAMED.replace('#< 2 1350\n', ''), 75],
    ['mixed with messages', FRAMED.replace('#< 1 1401', 'WARNING: skipped 3 probes\n#< 1 1401'), 0],
    ['plain in its first part and then framed', plainTrace(300) + FRAMED, 0],
    ['followed by another trace', FRAMED + FRAMED.replaceAll('web1', 'web2'), 0],
    [
      'damaged by a thread name that looks like the end of a record',
      FRAMED.replaceAll('thread2', '\t1\n#< 2 1'),
      75,
    ],
  ])('does not change the output or the summary of a trace that is %s', async (_, text, code) => {
    const trace = file('trace', text);
    const [one, ...others] = await Promise.all([1, 3].map((jobs) => fold(trace, jobs)));
    expect(one!.code).toBe(code);
    for (const other of others) expect(other).toEqual(one);
  });
  it('does not change the output of real traces', async () => {
    for (const name of ['burn-u_g', 'burn-freq99', 'programs-node']) {
      const { trace } = caseOf(name);
      const [one, ...others] = await Promise.all([1, 3].map((jobs) => fold(trace, jobs)));
      for (const other of others) expect(other).toEqual(one);
    }
  });
  it('does not change the output when combined with other options', async () => {
    const trace = file('trace', FRAMED);
    for (const words of [
      ['--plain'],
      ['--label-module', '--host-frames'],
      ['--memory', '1M'],
      ['--no-demangle'],
    ])
      expect(await fold(trace, 2, ...words)).toEqual(await fold(trace, 1, ...words));
  });
  it('accepts a pipe and a compressed file, although they cannot be divided', async () => {
    const trace = file('trace', FRAMED);
    const whole = await stapflame(['fold', '-q', trace]);
    expect(await stapflame(['fold', '-q', '--jobs', '4'], FRAMED)).toEqual(whole);
    const packed = file('trace.gz', gzipSync(FRAMED));
    expect((await stapflame(['fold', '-q', '--jobs', '4', packed])).stdout).toBe(whole.stdout);
  });
  it('needs temporary files only if the stacks do not fit in memory, as with one job', async () => {
    const stacks = Array.from({ length: 60_000 }, (_, i) => ` 0x1 : name${i}+0x1/0x2 [/bin/a]\n\t1\n`);
    const small = ['--memory', '1M', '--tmpdir', join(directory, 'gone')];
    const few = file('few', FRAMED);
    const many = file('many', stacks.join(''));
    for (const jobs of ['1', '2']) {
      expect((await stapflame(['fold', '--jobs', jobs, few, ...small])).code).toBe(0);
      const { code, stdout, stderr } = await stapflame(['fold', '--jobs', jobs, many, ...small]);
      expect([code, stdout]).toEqual([74, '']);
      expect(stderr).toContain('cannot create a temporary file in');
    }
  });
  it('accepts numbers from 1 to 64', async () => {
    for (const jobs of ['0', '65', 'many'])
      expect((await stapflame(['fold', '--jobs', jobs, file('trace', FRAMED)])).code).toBe(64);
  });
});

const WEB2 = FRAMED.replaceAll('web1', 'web2').replaceAll('leaf1', 'other1');
const US = FRAMED.replace('unit=samples', 'unit=us');
const PERF = 'demo 1 [000] 1.5: cycles:\n\t     401000 f+0x4 (/opt/demo)\n\n';

describe('fold --jobs with several files', () => {
  it.each<[string, readonly (string | Uint8Array)[], number]>([
    ['framed', [FRAMED, WEB2, framedTrace(90)], 0],
    ['plain', [plainTrace(700), plainTrace(90), plainTrace(300)], 0],
    ['prefixed', [prefixed(FRAMED), prefixed(framedTrace(40)), prefixed(WEB2)], 0],
    ['in all dialects', [plainTrace(90), prefixed(framedTrace(40)), FRAMED, plainTrace(500), WEB2], 0],
    ['partly compressed', [gzipSync(FRAMED), plainTrace(500), gzipSync(plainTrace(90))], 0],
    ['partly compressed, one of them truncated', [gzipSync(FRAMED).subarray(0, 900), WEB2, FRAMED], 75],
    [
      'framed, one of them truncated in the middle of a record',
      [FRAMED, WEB2.slice(0, WEB2.lastIndexOf('thread')), FRAMED],
      75,
    ],
    ['framed, one of them without a trailer', [FRAMED, WEB2.replace(/# stapflame end.*\n$/, ''), FRAMED], 75],
    ['missing some samples', [FRAMED.replace('hits=700', 'hits=777'), WEB2, plainTrace(3)], 75],
    ['framed, some of them without samples', [framedTrace(0), FRAMED, WEB2, framedTrace(0)], 0],
    ['framed, with empty files among them', ['', FRAMED, WEB2, ''], 0],
    ['damaged by torn records in one file', [WEB2.replaceAll('thread2\n#> 2 1350', 'x\u0000'), FRAMED], 75],
    ['mixed with messages', [FRAMED.replace('#< 1 1401', 'WARNING: no\n#< 1 1401'), WEB2, FRAMED], 0],
    [
      'plain, one of them followed by a framed trace in the same file',
      [FRAMED, plainTrace(300) + WEB2, plainTrace(300)],
      0,
    ],
  ])('does not change the output or the summary of traces that are %s', async (_, texts, code) => {
    const files = texts.map((text, i) => file(`trace${i}`, text));
    const [one, ...others] = await Promise.all([1, 3].map((jobs) => fold(files, jobs)));
    expect(one!.code).toBe(code);
    for (const other of others) expect(other).toEqual(one);
  });
  it('does not change the output, wherever the files are divided', { timeout: 120_000 }, async () => {
    const part = fc.oneof(
      fc.integer({ min: 0, max: 60 }).map(framedTrace),
      fc.integer({ min: 1, max: 60 }).map(plainTrace),
      fc.integer({ min: 1, max: 20 }).map((records) => prefixed(framedTrace(records))),
      fc.integer({ min: 1, max: 60 }).map((records) => gzipSync(framedTrace(records))),
    );
    const traces = fc.array(part, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(traces, fc.constantFrom(2, 3, 8), async (texts, jobs) => {
        const files = texts.map((text, i) => file(`trace${i}`, text));
        const words = ['fold', '-q', ...files, '--jobs'];
        expect(await stapflame([...words, String(jobs)])).toEqual(await stapflame([...words, '1']));
      }),
      share(0.06),
    );
  });
  it('rejects the same inputs as a single job, with the same messages', async () => {
    const [framed, web2] = [file('framed', FRAMED), file('web2', WEB2)];
    const [us, perf, text] = [file('us', US), file('perf', PERF), file('text', 'main;a 1\n')];
    for (const files of [
      [framed, us],
      [framed, web2, us],
      [framed, perf],
      [perf, framed, web2],
      [framed, web2, perf],
      [framed, web2, text],
      [framed, join(directory, 'gone')],
    ]) {
      const [one, three] = await Promise.all(
        ['1', '3'].map((jobs) => stapflame(['fold', ...files, '--jobs', jobs])),
      );
      expect(one!.code).toBeGreaterThan(64);
      expect(three).toEqual(one);
    }
  });
});
