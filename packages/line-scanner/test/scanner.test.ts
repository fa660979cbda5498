import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { share } from '../../../testing/properties.ts';
import { scanAll, type Scanned } from './scan.ts';

const CHOICES = ['reference', 'wasm'] as const;

/** Lines in every format, and arbitrary bytes. */
const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.nat(40).map((n) => ` 0x7f00${n.toString(16)} : fn${n % 7}+0x${n % 3}/0x9 [/l]`),
  },
  { weight: 3, arbitrary: fc.nat(5).map((n) => ` 0xffffffff8100000${n} : k${n % 2}+0x1/0x2 [kernel]`) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom('\t', '\t    ', '        ', ''), fc.nat(20), fc.constantFrom(' ', '', '  '))
      .map(
        ([blanks, n, gap]) => `${blanks}7f637f9${n.toString(16)}${gap}fn${n % 3}+0x4c (/usr/lib/libc.so.6)`,
      ),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom('burn', '   burn', 'V8 Worker 7', 'a:b', 'b\u00e9', 'x'.repeat(42), ''),
        fc.constantFrom(' 12', '  34/35', ' 1234567890', ''),
        fc.constantFrom(' [001]', ' [x]', ''),
        fc.constantFrom(' 5.000001:', ' 1795416969.5:', ' 5:', ' .5:'),
        fc.oneof(
          fc.constantFrom('', ' x'),
          fc.nat(2 ** 40).map((n) => ` ${n}`),
        ),
        fc.constantFrom(' cycles:u: ', ' cpu-clock:', 'e:', ': ', ' cycles:u: x', ` e:${' '.repeat(41)}`),
      )
      .map((parts) => parts.join('')),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('\t7f63', '\t 0 [unknown] ([unknown])', '\t11112222333344445 long', '\t7F f'),
  },
  { weight: 2, arbitrary: fc.nat(5).map((n) => ` 0x55000${n} : 0x55000${n % 2} [/bin/s+0x${n}/0x0]`) },
  { weight: 4, arbitrary: fc.bigInt({ min: 0n, max: 10n ** 17n }).map((n) => `\t${n}`) },
  { weight: 1, arbitrary: fc.nat(3).map((n) => ` 0x7f00${n} whole`) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom('', '  ', '    ', '\t', ' '.repeat(20)),
        fc.nat(9),
        fc.constantFrom('', ' : x', ' '),
      )
      .map(([blanks, n, rest]) => `${blanks}0xffffffff8100000${n}${rest}`),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ' 7',
      '        8 ',
      '\t9 \t',
      ' 5 x',
      ' 0x0',
      ' 0x0 (inexact)',
      '\t0x5',
      '\t 0x5 : y',
      '',
      'text',
      '#< 0 1',
      '#> 0 1',
      '#> 0 2',
      '#. 5',
      '#. 5 6 7',
      '#< 123456789012345678901 2',
      '\t-1',
      '\t',
      ' 0x',
      ' 0x1',
      ' 0xg',
      ' 0x11112222333344445 : long',
      'x'.repeat(300),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.replaceAll('\n', '\r')),
  },
);
const prefix = fc.constantFrom(
  '',
  '',
  '0: ',
  '0: ',
  '00: ',
  '12: ',
  '999999999: ',
  '1234567890: ',
  '3:',
  '7: 8: ',
);
const text = fc
  .tuple(
    fc.array(
      fc.tuple(prefix, line).map((parts) => parts.join('')),
      { maxLength: 60 },
    ),
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
  )
  .map(([lines, end, ended]) => lines.join(end) + (ended ? end : ''));
const options = fc.record({
  addresses: fc.boolean(),
  addressForm: fc.constantFrom('prefixed', 'bare'),
  blanks: fc.boolean(),
  marks: fc.boolean(),
  maxLineLength: fc.constant(256),
  maxLines: fc.integer({ min: 8, max: 40 }),
  events: fc.constantFrom('none', 'comm', 'thread'),
});

it('the WebAssembly scanner returns the same tokens as the plain scanner, with any chunk size', () => {
  fc.assert(
    fc.property(
      text,
      fc.constantFrom(1, 2, 3, 61, 4099, Infinity),
      options,
      fc.constantFrom('hosts', 'none'),
      (once, size, given, prefixes) => {
        const trace = once.repeat(3);
        expect(scanAll(trace, { choice: 'wasm', size, options: given, prefixes })).toEqual(
          scanAll(trace, { options: given, prefixes }),
        );
      },
    ),
    share(1),
  );
});

describe.each(CHOICES)('the %s scanner', (choice) => {
  it('asks about each line only once, and compares every byte', () => {
    const line =
      ' 0xffffffff81000000 : a_symbol_of_some_length+0x12/0x345 [a module with a long name, of more bytes]';
    for (let at = 0; at < line.length; at++) {
      const changed = `${line.slice(0, at)}${line[at] === '1' ? '2' : '1'}${line.slice(at + 1)}`;
      const lines = [line, changed, line, changed];
      const { seen, asked } = scanAll(`${lines.join('\n')}\n`, { choice, options: { addresses: true } });
      expect(asked).toEqual([line, changed]);
      expect(seen.slice(0, -1).map((each) => each.replace('again ', ''))).toEqual(lines);
    }
  });

  it('recognises a line at any address, unless addresses are distinguished', () => {
    const lines = [
      ' 0x1 : a+0x1/0x2 [/p]',
      ' 0x22 : a+0x1/0x2 [/p]',
      ' 0x3 : 0x3 [/p+0x1/0x0]',
      ' 0x4 [/p+0x1/0x0]',
    ];
    expect(scanAll(`${lines.join('\n')}\n`, { choice }).asked).toEqual([lines[0], lines[2]]);
    expect(scanAll(`${lines.join('\n')}\n`, { choice, options: { addresses: true } }).asked).toEqual(lines);
  });

  it('recognises a line at any address if addresses are bare', () => {
    const name = 'f+0x4c (/usr/lib/libc.so.6)';
    const lines = [
      `\t    7f637f9362ec ${name}`,
      `\tffffffff81000010 ${name}`,
      `  0 ${name}`,
      `\t    7f637f9362ec ${name}`,
    ];
    const others = [
      `7f637f9362ec ${name}`,
      `\t7f637f9362ec\t${name}`,
      `\t11112222333344445 ${name}`,
      `\tg ${name}`,
    ];
    const text = `${[...lines, ...others].join('\n')}\n`;
    expect(scanAll(text, { choice, options: { addressForm: 'bare' } }).asked).toEqual([lines[0], ...others]);
    expect(scanAll(text, { choice, options: { addressForm: 'bare', addresses: true } }).asked).toEqual([
      ...lines.slice(0, 3),
      ...others,
    ]);
  });

  it('also compares the address if a line was remembered with its address', () => {
    const lines = [' 0x1 whole', ' 0x2 whole', ' 0x1 whole'];
    const { seen, asked } = scanAll(`${lines.join('\n')}\n`, { choice });
    expect(asked).toEqual(lines.slice(0, 2));
    expect(seen.slice(0, -1)).toEqual(lines);
  });

  it('recognises a line whatever white space precedes its address', () => {
    const lines = ['', ' ', '    ', '\t', ' '.repeat(40)].map((blanks) => `${blanks}0x1 : a+0x1/0x2 [/p]`);
    expect(scanAll(`${lines.join('\n')}\n`, { choice }).asked).toEqual(lines.slice(0, 1));
  });

  it('does not treat address 0, or a lone address after a TAB, as an ordinary address', () => {
    const lines = [' 0x1', ' 0x0', '\t0x2', ' 0x3'];
    expect(scanAll(`${lines.join('\n')}\n`, { choice }).asked).toEqual(lines.slice(0, 3));
  });

  it('reads a count regardless of the white space around it', () => {
    const { seen, asked } = scanAll('\t1\n        2\n\t3 \n 4\t \n', { choice });
    expect(seen.map((each) => each.split(' to ')[0])).toEqual([
      'count 1',
      'count 2',
      'count 3',
      'count 4',
      '0 pending',
    ]);
    expect(asked).toEqual([]);
  });

  it('recognises a line from any host, and reports each host change with the kernel addresses before and after it', () => {
    const [kernel, user] = [' 0xffffffff81000010 : k+0x1/0x2 [kernel]', ' 0x1 : a+0x1/0x2 [/p]'];
    const lines = [`0: ${kernel}`, `12: ${user}`, `0: ${kernel}`, `0: ${user}`, 'text', '0: text'];
    const { seen, asked } = scanAll(`${lines.join('\n')}\n`, { choice, prefixes: 'hosts' });
    expect(asked).toEqual([kernel, user, 'text']);
    const address = `${0xffffffff} ${0x81000010}`;
    expect(seen.slice(0, -1)).toEqual([
      'host 0 1 at 0',
      'left at 0 0',
      `address ${address}`,
      kernel,
      'host 12 2 at 44',
      `left at ${address}`,
      user,
      'host 0 1 at 70',
      'left at 0 0',
      `address ${address}`,
      kernel,
      user,
      'host 0 0 at 139',
      'left at 0 0',
      'text',
      'host 0 1 at 144',
      'left at 0 0',
      'text',
    ]);
  });

  it('recognises an event line by its comm, its event and, if requested, its thread', () => {
    const lines = [
      'burn 7 [000] 1.5:  5000000000 cycles:u: ',
      'burn 7/8 1.6: 6 cycles:u:',
      '   V8 Worker 8/9 [001] 1.7: 7 cycles:u: ',
      'burn 7 [000] 1.8: cycles:u: ',
      'burn 7 [000] 1.9: 9 cpu-clock: ',
      'burn 7 [000] 2.0: 0 cycles:u: 7f44 main',
    ];
    const read = (events: 'comm' | 'thread'): Scanned =>
      scanAll(`${lines.join('\n')}\n`, { choice, options: { marks: false, events } });
    expect(read('thread').asked).toEqual(lines);
    const { seen, asked } = read('comm');
    expect(asked).toEqual(lines.filter((_, i) => i !== 1));
    expect(seen.slice(0, 4)).toEqual([
      `event ${lines[0]} for 5000000000`,
      `event ${lines[0]} for 6`,
      `event ${lines[2]} for 7`,
      `event ${lines[3]} for 0`,
    ]);
  });

  it('reads framing lines, and counts of up to fifteen digits, without asking the reader', () => {
    const { seen, asked } = scanAll('#< 0 5\n#> 0 5\n\t999999999999999\n#> 0 6\n#. 7\n\t1000000000000000\n', {
      choice,
    });
    expect(seen).toEqual([
      'open at 0',
      'close',
      'count 999999999999999 to 31',
      'stray close',
      '\t1000000000000000',
      '0 pending',
    ]);
    expect(asked).toEqual(['\t1000000000000000']);
  });

  it('reads perf script output, which has no marks and ends each sample with a blank line', () => {
    const stack =
      '\t    ffffffff81000010 do_syscall_64+0x5d ([kernel.kallsyms])\n\t    7f637f9362ec __read+0x4c (/usr/lib/libc.so.6)\n';
    const sample = (time: string): string => `burn 177 ${time}: 10101010 cpu-clock:\n${stack}\n`;
    const { seen, asked } = scanAll(sample('1.5') + sample('2.5'), {
      choice,
      options: { marks: false, blanks: true },
    });
    const frames = stack.trimEnd().split('\n');
    expect(asked).toEqual([
      'burn 177 1.5: 10101010 cpu-clock:',
      ...frames,
      'burn 177 2.5: 10101010 cpu-clock:',
    ]);
    expect(seen.filter((each) => frames.includes(each))).toEqual([...frames, ...frames]);
    expect(seen.filter((each) => each.startsWith('blank'))).toHaveLength(2);
  });

  it('distinguishes lines of any length that differ in one byte', () => {
    const name = 'abcdefghijklmnopqrstuvwxyz'.repeat(5);
    for (const length of [1, 15, 16, 17, 31, 33, 47, 63, 64, 65, 80, 81, 94, 95, 96, 97, 98, 112, 130]) {
      const known = ` 0x7f637f9362ec : ${name.slice(0, length)}`;
      const others = Array.from({ length }, (_, at) => {
        const end = known.length - length + at;
        return `${known.slice(0, end)}#${known.slice(end + 1)}`;
      });
      const text = [known, known, ...others.flatMap((other) => [other, known])].join('\n');
      expect(scanAll(`${text}\n`, { choice }).asked).toEqual([known, ...others]);
    }
  });
});
