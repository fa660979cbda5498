import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLabel, isLeafLabel } from '@stapflame/stacks';
import { share } from '../../../testing/properties.ts';
import { TraceParser } from '../src/index.ts';
import { read } from './read.ts';

const A = ' 0x1 : a+0x1/0x2 [/bin/p]\n';
const B = ' 0x2 : b+0x1/0x2 [/bin/p]\n';
const K = ' 0xffffffff81000000 : k+0x1/0x2 [kernel]\n';
const HEADER = '# stapflame 1 mode=stream hz=99 pids=1 unit=samples maxbacktrace=128\n';
const framed = (time: number, body: string): string => `#< 0 ${time}\n${body}comm/7\n#> 0 ${time}\n\t1\n`;

/** Reads a trace with each scanner, and with `frames: 'labels'`. All results must be equal. */
function both(trace: string, options: Parameters<typeof read>[1] = {}): ReturnType<typeof read> {
  const given = read(trace, { ...options, scanner: 'wasm' });
  expect(read(trace, { ...options, scanner: 'reference' })).toEqual(given);
  expect(read(trace, { ...options, scanner: 'wasm', frames: 'labels' })).toEqual(given);
  return given;
}

describe('labels', () => {
  it.each(['pool 3', 'pool 1.5', 'pool 6.'])(
    'of leaves never end in a blank and a number, not even for a frame named %j',
    (leaf) => {
      expect(both(`${leaf}\n\t5\n`).stacks).toEqual([`${leaf.replace(' ', '_')} 5`]);
      expect(both(`${leaf}\n${A}\t5\n`).stacks).toEqual([`${leaf};a 5`]);
      expect(both(` 0x1 : ${leaf}+0x1/0x2 [/p]\n${A}\t5\n`).stacks).toEqual([
        `a;${leaf.replace(' ', '_')} 5`,
      ]);
    },
  );

  it('are valid in folded text, whatever the trace contains', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\n', '')),
      fc
        .string({ unit: 'binary', maxLength: 9 })
        .map((text) => ` 0x1 : ${text.replaceAll('\n', '')}+0x1/0x2 [/p 1]`),
      fc.constantFrom(
        'a 1',
        '# x',
        ';',
        ' 0x1 : f 2+0x1/0x2 [m 3]',
        ' 0x0',
        ' 0x12 [m 4]',
        '\t1',
        '\t7',
        'x 9',
      ),
    );
    const options = fc.record({
      module: fc.boolean(),
      offset: fc.boolean(),
      kernel: fc.boolean(),
      address: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), options, (lines, label) => {
        const parser = new TraceParser({ label });
        parser.push(new TextEncoder().encode(`${lines.join('\n')}\n\t1\n`));
        parser.endInput();
        for (const batch of parser.take()) {
          for (const { frames } of batch) {
            expect(frames.length).toBeGreaterThan(0);
            expect(frames.every((frame) => isLabel(frame.label))).toBe(true);
            expect(isLeafLabel(frames[0]!.label)).toBe(true);
          }
        }
      }),
      share(1),
    );
  });
});

describe('a header line', () => {
  const whole = `${HEADER}${framed(5, A)}${framed(6, B)}# stapflame end hits=2\n`;
  it.each([
    ['in a record', `${HEADER}${framed(1, A)}#< 0 2\n${A}`],
    ['in a line', `${HEADER}${framed(1, A)}#< 0 2\n 0x7f00 : is_pri`],
    ['in its count line', `${HEADER}${framed(1, A)}#< 0 2\n${A}#> 0 2\n\t`],
    ['after a record', `${HEADER}${framed(1, A)}`],
    ['in its trailer', `${HEADER}${framed(1, A)}# stapflame e`],
  ])('begins a new trace even if the previous trace was truncated %s', (_, cut) => {
    const together = both(cut + whole);
    expect(together.stacks).toEqual(['comm/7;a 1', 'comm/7;a 1', 'comm/7;b 1']);
    expect(together.summary).toMatchObject({ damaged: 0, records: 3, whole: 3, trailerMissing: true });
    expect(together.summary.truncated).toBe(cut.endsWith('\t1\n') ? 0 : 1);
  });

  it('begins a new trace only for its own host', () => {
    const lines = [HEADER, '#< 0 1\n', A, HEADER, '#< 0 2\n', B, '#> 0 2\n', '\t1\n'];
    const trace = `${lines.map((line) => `0: ${line}`).join('')}1: ${HEADER}`;
    expect(read(trace)).toMatchObject({ stacks: ['b 1'], summary: { damaged: 0, truncated: 1 } });
  });
});

describe('a count', () => {
  it.each(['9223372036854775808', '18446744073709551615', '9'.repeat(100_000)])(
    'of 2^63 or more (%#) damages its record, even in a global array',
    (count) => {
      expect(both(`${A}\t${count}\n${A}\t1\n`)).toMatchObject({
        stacks: ['a 1'],
        summary: { damaged: 1, damage: [{ offset: A.length, reason: 'count' }] },
      });
      const dump = `m["a+0x1 [p]"]=0x${BigInt(count).toString(16)}\n${A}\t1\n`;
      expect(both(dump)).toMatchObject({
        stacks: ['a 1'],
        summary: { damaged: 1, damage: [{ offset: 0, reason: 'count' }] },
      });
    },
  );

  it('below 2^63 is accepted, and a sum above 2^53 − 1 is marked as inexact', () => {
    const parser = new TraceParser();
    const push = (text: string): boolean | undefined => {
      parser.push(new TextEncoder().encode(text));
      return parser.take().at(-1)?.facts.inexact;
    };
    expect(push(`${A}\t9007199254740991\n`)).toBeUndefined();
    expect(push(`${A}\t1\n`)).toBe(true);
    expect(both(`${A}\t9223372036854775807\n`).stacks).toEqual([`a ${2 ** 63}`]);
    expect(both('m["a+0x1 [p]"]=0x7fffffffffffffff\n').stacks).toEqual([`a ${2 ** 63}`]);
  });

  it.each(['        5', '\t5 ', ' 5\t', '\t\t5'])('is read from %j', (count) => {
    expect(both(`${A}${count}\n${B}\t2\n`).stacks).toEqual(['a 5', 'b 2']);
    expect(both(`${A}        000000000000000000005  \n`).stacks).toEqual(['a 5']);
  });

  it.each(['    -5', '  1.5', '\t-5 ', '\t1.5', '\t0x10', '\tx'])(
    'such as %j damages its record and is not read as a frame',
    (count) => {
      expect(both(`${A}${count}\n${B}\t2\n`)).toMatchObject({
        stacks: ['b 2'],
        summary: { damaged: 1, damage: [{ offset: A.length, reason: 'count' }] },
      });
    },
  );
});

describe('white space before a frame', () => {
  it.each(['', '  ', '    ', '        ', '\t', '\t '])('is ignored if it is %j', (blanks) => {
    const trace = `${A}${K} 0xffffffffa0000000 [xfs]\n\t1\n`;
    const other = trace.replaceAll(/^ (?=0x)/gm, blanks);
    expect(both(other).stacks).toEqual(both(trace).stacks);
    expect(both(`${blanks}main+0x48/0x50 [/p]\n${A}\t1\n`).stacks).toEqual(['a;main 1']);
  });
});

describe('white space after a host prefix', () => {
  it.each<readonly [frame: string, count: string]>([
    ['', '        '],
    ['  ', '\t'],
    ['    ', '        '],
    ['\t', '\t'],
    ['\t ', '    \t'],
  ])('is ignored if it is %j before a frame and %j before a count', (blanks, before) => {
    const trace = `${A}${K} 0xffffffffa0000000 [xfs]\n\t7\n`;
    const other = trace
      .replaceAll(/^ (?=0x)/gm, blanks)
      .replace('\t', before)
      .replace('7', '7 ');
    for (const indent of ['', '   ', '\t']) {
      const prefixed = other.replaceAll(/^(?=.)/gm, `${indent}0: `);
      expect(both(prefixed, { hostFrames: true }).stacks).toEqual(['host 0;[xfs];k;a 7']);
      // a count line alone is enough to show that lines have host prefixes
      expect(both(prefixed.slice(prefixed.indexOf('xfs]') + 5)).summary.records).toBe(1);
    }
  });

  it('does not make a heading such as `3:  17` a line with a host prefix', () => {
    expect(both(`12: 5\n3:  17\n${A}\t1\n`).stacks).toEqual(['12: 5;3:  17;a 1']);
  });
});

describe('an unrecognised line', () => {
  it('is compared in full, including the address', () => {
    const lines = [' 0x1111 [xfs', ' 0x2222 [xfs', ' 0x1111 [xfs'];
    expect(both(lines.map((line) => `${line}\n\t1\n`).join('')).stacks).toEqual(
      lines.map((line) => `${line.trim()} 1`),
    );
  });

  it('is counted and listed unless it is the root line of a framed record', () => {
    const { summary } = both(`${A}odd 1\n\t1\nhead\n${A}\t1\nhead\n${A}\t1\nEND\n`);
    expect(summary).toMatchObject({ unknownLines: 3, ignoredLines: 1 });
    expect(summary.unknown.map(({ text }) => text)).toEqual(['odd 1', 'head', 'END']);
    expect(both(`${HEADER}${framed(1, A)}# stapflame end hits=1\n`).summary).toMatchObject({
      unknownLines: 0,
      unknown: [],
    });
  });

  it('is reported if it is a heading that changes with every sample', () => {
    const samples = (head: (i: number) => string): string =>
      Array.from({ length: 40 }, (_, i) => `${head(i)}\n${A}\t1\n`).join('');
    expect(both(samples((i) => `at ${i * 17}`)).summary.hints).toMatchObject([
      { kind: 'changing-heads', records: 40, changing: 40, line: { text: 'at 0', offset: 0 } },
    ]);
    expect(both(samples((i) => `thread ${i % 3}`)).summary.hints).toEqual([]);
  });
});

describe('a separator', () => {
  it('contains the count for the frames after it if the first separator comes before the first frame', () => {
    const separator = /^-+ (\d+) -+$/;
    const trace = `Tracing…\n---- 2830 ----\n${A}${B}---- 17 ----\n${B}`;
    expect(both(trace, { separator })).toMatchObject({
      stacks: ['b;a 2830', 'b 17'],
      summary: { truncated: 0, ignoredLines: 1, complete: true },
    });
  });

  it('contains the count for the frames before it if the first separator comes after the first frame', () => {
    const separator = /^(\d+) leaked$/g;
    const trace = `${A}${B}349 leaked\n\n${B}2 leaked\n${A}`;
    expect(both(trace, { separator })).toMatchObject({
      stacks: ['b;a 349', 'b 2'],
      summary: { truncated: 1 },
    });
  });

  it('without a count ends a sample whose weight is 1', () => {
    expect(both(`>>>\n${A}>>>\n>>>\n${B}`, { separator: /^>>>$/ })).toMatchObject({
      stacks: ['a 1', 'b 1'],
      summary: { complete: true },
    });
    expect(both(`${A}\n${B}`, { separator: /^$/ }).stacks).toEqual(['a 1', 'b 1']);
  });

  it('does not affect count lines, and makes a record damaged if the separator contains a count that is not a number', () => {
    const separator = /^= (.*)$/;
    expect(both(`${A}\t5\n${B}= 3\n${B}= x\n`, { separator })).toMatchObject({
      stacks: ['a 5', 'b 3'],
      summary: { damaged: 1 },
    });
  });
});

describe('the second line of a frame that is printed twice', () => {
  const other = K.replace(' k+', ' other+');
  const module = ' 0xffffffffc02da164 [uk_g+0x8164/0x0]\n';
  it.each([
    [
      'is left out after frames in modules',
      `${module}${K}${K.replace('\n', ' (inexact)\n')}${A}`,
      'a;k;[uk_g]',
    ],
    ['is left out at the leaf', `${K}${K}${A}`, 'a;k'],
    [
      'is kept after a frame with a symbol',
      `${other}${K}${K}${A}`.replace('81000000 : other', '81000001 : other'),
      'a;k;k;other',
    ],
    ['is kept if its symbol is different', `${K}${other}${A}`, 'a;other;k'],
    ['is left out, but a third line is kept', `${K}${K}${K}${A}`, 'a;k;k'],
  ])('%s', (_, frames, stack) => {
    const trace = `${frames}\t1\n`;
    expect(both(trace + trace).stacks).toEqual([`${stack} 1`, `${stack} 1`]);
    const prefixed = trace.replaceAll(/^/gm, '0: ').replace(/0: $/, '');
    expect(both(prefixed + prefixed).stacks).toEqual([`${stack} 1`, `${stack} 1`]);
  });

  it('is also left out if kernel addresses are below 2^63 and both lines contain [kernel] and the same address', () => {
    const low = (address: string, end = ''): string => ` 0x${address} : k+0x1/0x2 [kernel]${end}\n`;
    const [twin, inexact, caller] = [low('c04079aa'), low('c04079aa', ' (inexact)'), low('c0407f00')];
    for (const [frames, stack] of [
      [`${twin}${twin}${A}`, 'a;k'],
      [`${twin}${inexact}${A}`, 'a;k'],
      [`${module}${twin}${inexact}${A}`, 'a;k;[uk_g]'],
      [`${twin}${caller}${A}`, 'a;k;k'],
      [`${twin}${twin}${twin}${A}`, 'a;k;k'],
      [`${caller.replace(' k+', ' other+')}${twin}${inexact}`, 'k;k;other'],
      [`${A}${A}`, 'a;a'],
    ] as const) {
      const trace = `${frames}\t1\n`;
      expect(both(trace + trace).stacks).toEqual([`${stack} 1`, `${stack} 1`]);
      expect(both((trace + trace).replaceAll(/^(?=.)/gm, '0: ')).stacks).toEqual([
        `${stack} 1`,
        `${stack} 1`,
      ]);
    }
  });

  it('is kept if it begins the next record, with or without a host prefix, whatever the count line contains', () => {
    for (const count of ['\t1\n', '\t1 \n', '\tx\n']) {
      const trace = `${K}${count}${K}\t1\n`;
      expect(both(trace).stacks.at(-1)).toBe('k 1');
      expect(both(trace.replaceAll(/^(?=.)/gm, '0: ')).stacks.at(-1)).toBe('k 1');
    }
  });
});

describe('a frame', () => {
  it('at address 0, which an unwinder prints past the end of the stack, is left out', () => {
    expect(both(`${A} 0x0 (inexact)\n\t1\n 0x5 (inexact)\n 0x0\n\t1\n`).stacks).toEqual([
      'a 1',
      '[unknown] 1',
    ]);
  });
});
