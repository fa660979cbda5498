import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stapflameAlone as stapflame } from '../stapflame.ts';
import { ownDirectory } from './process.ts';

const own = ownDirectory();

const HEADER = '# stapflame 1 mode=stream hz=99 pids=1 unit=samples maxbacktrace=9\n';
/** The period in nanoseconds at 99 samples per second. */
const PERIOD = '# stapflame period=10101010';
const END = '# stapflame end hits=3\n';
const STACKS = ['comm/7;main;a 1', 'comm/7;main;b 1', 'comm/7;main;c 1'];
/** How the picture describes each kind of loss. */
const IN_THE_PICTURE: Readonly<Record<string, string>> = {
  'damaged=1': '1 damaged record',
  'damaged=2': '2 damaged records',
  'lost=1': '1 sample lost',
  'truncated=1': '1 input ends too early',
};
/** The lines of three records, which the tests reorder. */
const [A, B, C] = ['a', 'b', 'c'].map((name, i) => [
  `#< ${i} ${5 + i}\n`,
  ` 0x${i} : ${name}+0x1/0x2 [/p]\n`,
  ' 0x9 : main+0x1/0x2 [/p]\n',
  'comm/7\n',
  `#> ${i} ${5 + i}\n`,
  '\t1\n',
]) as [string[], string[], string[]];

const lines = (...parts: readonly (readonly string[])[]): string => parts.flat().join('');

describe('a trace', () => {
  it('without damage is complete and results in exit code 0, even if its records are out of order', async () => {
    const { code, stdout } = await stapflame(['fold'], HEADER + lines(C, A, B) + END);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${[PERIOD, ...STACKS].join('\n')}\n` });
  });
  it.each<[string, string, string[], RegExp]>([
    [
      'with one record in the middle of another',
      lines(A.slice(0, 2), B, A.slice(2), C) + END,
      ['# stapflame incomplete damaged=2', '[damaged] 2', STACKS[2]!],
      /2 damaged/,
    ],
    [
      'with a record whose lines are in the wrong order',
      lines(A.slice(3), A.slice(0, 3), B, C) + END,
      ['# stapflame incomplete damaged=2', '[damaged] 2', STACKS[2]!],
      /2 damaged/,
    ],
    [
      'with a repeated record',
      lines(A, A, B, C) + END,
      ['# stapflame incomplete damaged=1', 'comm/7;main;a 2', ...STACKS.slice(1)],
      /1 damaged/,
    ],
    [
      'with one record missing',
      lines(A, C) + END,
      ['# stapflame incomplete lost=1', STACKS[0]!, STACKS[2]!],
      /1 lost/,
    ],
    [
      'that ends in the middle of a record',
      lines(A, B, C.slice(0, 3)),
      ['# stapflame incomplete truncated=1', ...STACKS.slice(0, 2)],
      /1 truncated, .*no trailer/,
    ],
    [
      'without its trailer',
      lines(A, B, C),
      ['# stapflame incomplete truncated=1', ...STACKS],
      /no trailer: the trace is incomplete/,
    ],
  ])('%s is marked as incomplete and results in exit code 75', async (_, records, folded, message) => {
    const trace = join(own.path, 'trace');
    const summary = join(own.path, 'summary.json');
    const picture = join(own.path, 'picture.svg');
    writeFileSync(trace, HEADER + records);

    const { code, stdout, stderr } = await stapflame(['fold', '--summary', summary, trace]);
    expect({ code, stdout }).toEqual({ code: 75, stdout: `${[PERIOD, ...folded].join('\n')}\n` });
    expect(stderr).toMatch(message);
    expect(JSON.parse(readFileSync(summary, 'utf8'))).toMatchObject({ complete: false });

    const shown = IN_THE_PICTURE[folded[0]!.split(' ').at(-1)!]!;
    expect((await stapflame(['flame', '-q', '-o', picture, trace])).code).toBe(75);
    expect(readFileSync(picture, 'utf8')).toContain(`>Incomplete: ${shown}</text>`);
  });
});
