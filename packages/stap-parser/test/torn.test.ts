import { describe, expect, it } from 'vitest';
import { read } from './read.ts';

const A = ' 0x1 : a+0x1/0x2 [/bin/p]\n';
const B = ' 0x2 : b+0x1/0x2 [/bin/p]\n';
const HEADER = '# stapflame 1 mode=stream hz=99 pids=1 unit=samples maxbacktrace=128\n';
const framed = (time: number, body: string): string => `#< 0 ${time}\n${body}comm/7\n#> 0 ${time}\n\t1\n`;

/** Reads a trace with each scanner, and with `frames: 'labels'`. All results must be equal. */
function both(trace: string): ReturnType<typeof read> {
  const given = read(trace, { scanner: 'wasm' });
  expect(read(trace, { scanner: 'reference' })).toEqual(given);
  expect(read(trace, { scanner: 'wasm', frames: 'labels' })).toEqual(given);
  return given;
}

describe('a message in a line', () => {
  const warning = 'WARNING: Number of errors: 0, skipped probes: 1\n';
  const offset = A.length;
  it.each<readonly [where: string, at: number]>([
    ['in its address', 4],
    ['in its symbol', 8],
    ['in its offset', 11],
    ['in its module', 23],
    ['before its line end', B.length - 1],
  ])('that splits a frame %s damages the record and is reported', (_, at) => {
    const torn = `${B.slice(0, at)}${warning}${B.slice(at)}`;
    const { stacks, summary } = both(`${A}${torn}\t1\n${A}\t1\n`);
    expect(stacks).toEqual(['[damaged] 1', 'a 1']);
    expect(summary).toMatchObject({ damaged: 1, damage: [{ offset, reason: 'message' }] });
    expect(summary.diagnostics).toEqual([{ offset, text: warning.trimEnd() }]);
  });

  it('also damages a framed record, but not the records of another host', () => {
    const [before, after] = [`#< 0 2\n${B.slice(0, 9)}ERROR: probe overhead exceeded\n`, B.slice(9)];
    const trace = `${HEADER}${framed(1, A)}${before}${after}comm/7\n#> 0 2\n\t1\n# stapflame end hits=2\n`;
    expect(both(trace)).toMatchObject({
      stacks: ['comm/7;a 1', '[damaged] 1'],
      summary: { damaged: 1, errors: 1, lost: 0 },
    });
    const other = framed(5, A).replaceAll(/^(?=.)/gm, '1: ');
    expect(both(trace.replaceAll(/^(?=.)/gm, '0: ') + other).stacks).toEqual([
      'comm/7;a 1',
      '[damaged] 1',
      'comm/7;a 1',
    ]);
  });

  it('that splits a count results in neither another count nor a frame', () => {
    const { stacks, summary } = both(`${A}\t1${warning}2\n${B}\t1\n${A}\t1\n`);
    expect(stacks).toEqual(['[damaged] 1', 'a 1']);
    expect(summary).toMatchObject({ damaged: 1, diagnosticCount: 1 });
  });

  it('does not damage a record if it is part of a heading, a recognised frame or a global array, or has a line to itself', () => {
    expect(both(`   ${warning}${A}\t1\n`)).toMatchObject({
      stacks: ['a 1'],
      summary: { damaged: 0, diagnosticCount: 1 },
    });
    for (const heading of ['after ERROR: x', 'run (ERROR: x)', '/usr/libexec/stapio: x'])
      expect(both(`${heading}\n${A}\t1\n`).stacks).toEqual([`${heading};a 1`]);
    expect(both(` 0x1 : logERROR: f+0x1/0x2 [/p]\n\t1\n`).stacks).toEqual(['logERROR: f 1']);
    expect(both('m["xERROR: y","a+0x1 [p]"]=0x1\n').stacks).toEqual(['xERROR: y;a 1']);
  });
});

describe('a module whose path contains line ends', () => {
  const forged = ` 0x7 : victim+0x1/0x2 [/bin/v]\n`;
  const path = (lines: string): string => ` 0x1 : a+0x1/0x2 [/tmp/x]\n${lines}y]\n`;
  it.each([
    ['records', `\t9\n#< 0 6\n${forged}#> 0 6\n\t9\n`],
    ['a trace', `# stapflame 1 mode=aggregate unit=samples\n${forged}\t9\n# stapflame end hits=9\n`],
  ])('can forge %s in a streamed trace, but the forgery is detected', (_, lines) => {
    const trace = `${HEADER}${framed(1, A)}${framed(2, path(lines))}# stapflame end hits=2\n`;
    expect(both(trace).summary.complete).toBe(false);
  });

  it('can forge records in an aggregated trace, but the extra samples are detected', () => {
    const header = '# stapflame 1 mode=aggregate hz=99 pids=1 unit=samples limit=10\n';
    const trace = `${header}${path(`\t9\n${forged}`)}\t3\n# stapflame end hits=3\n`;
    expect(both(trace).summary).toMatchObject({ complete: false, damage: [{ reason: 'repeated' }] });
    expect(both(`${header}${A}\t3\n# stapflame end hits=5\n`).summary).toMatchObject({
      complete: true,
      beyondLimit: 2,
    });
  });
});

describe('a truncated record', () => {
  it.each([
    [
      'an aggregated trace',
      `# stapflame 1 mode=aggregate pids=1 unit=samples limit=2\n${A}\t3\n${B}`,
      'hits=5',
    ],
    ['a streamed trace', `${HEADER}${framed(1, A)}#< 0 2\n${B}`, 'hits=2'],
  ])('is detected in %s even if there is a trailer', (_, trace, hits) => {
    const { stacks, summary } = both(`${trace}# stapflame end ${hits}\n`);
    expect(stacks).toHaveLength(1);
    expect(summary).toMatchObject({ truncated: 1, trailerMissing: false, complete: false });
  });
});
