import { describe, expect, it } from 'vitest';
import { Plain, PlainFrameReader } from '../src/index.ts';
import { scanAll } from './scan.ts';

const CHOICES = ['reference', 'wasm'] as const;

describe.each(CHOICES)('the %s scanner', (choice) => {
  it.each([
    ['without a space after the sign', '#<0 15'],
    ['without numbers', '#< '],
    ['with an unknown sign', '#= 0 1'],
    ['with only one number', '#< 1'],
    ['without a second number', '#< 0 '],
    ['with three numbers', '#> 0 1 2'],
    ['with two spaces between the numbers', '#< 0  1'],
    ['with a trailing space', '#< 0 1 '],
    ['with a number of more than twenty digits', '#< 0 123456789012345678901'],
    ['with something other than digits', '#. x'],
  ])('reads a framing line %s as ordinary text', (_, line) => {
    const { seen, asked } = scanAll(`${line}\n${line}\n`, { choice });
    expect(asked).toEqual([line]);
    expect(seen).toEqual([line, line, '0 pending']);
  });

  it.each([
    ['with text after the event', 'burn 7 [000] 1.5: 9 cycles:u: x'],
    ['with more than forty spaces after the event', `burn 7 [000] 1.5: 9 cycles:u:${' '.repeat(41)}`],
    ['without an event name', 'burn 7 [000] 1.5: 9 :'],
    ['with an event of more than 200 characters', `burn 7 [000] 1.5: 9 ${'e'.repeat(201)}:`],
    ['with a TAB before the event', 'burn 7 [000] 1.5: 9\tcycles:'],
    ['with a period that is not a number', 'burn 7 [000] 1.5: 9x cycles:'],
    ['with a period of more than fifteen digits', 'burn 7 [000] 1.5: 1234567890123456 cycles:'],
    ['with more than forty spaces before the period', `burn 7 [000] 1.5:${' '.repeat(41)}9 cycles:`],
    ['without a colon after the time', 'burn 7 [000] 1.5 9 cycles:'],
    ['without a fraction in the time', 'burn 7 [000] 1.: 9 cycles:'],
    ['with a whole number for the time', 'burn 7 [000] 15: 9 cycles:'],
    ['without whole seconds in the time', 'burn 7 [000] .5: 9 cycles:'],
    ['without a space before the time', 'burn 7 [000]1.5: 9 cycles:'],
    ['with a CPU that is not a number', 'burn 7 [x] 1.5: 9 cycles:'],
    ['without an opening bracket before the CPU', 'burn 7 000] 1.5: 9 cycles:'],
    ['without a space before the CPU', 'burn 7[000] 1.5: 9 cycles:'],
    ['with a thread that is not a number', 'burn x [000] 1.5: 9 cycles:'],
    ['without a process before the slash', 'burn x/7 [000] 1.5: 9 cycles:'],
    ['without a space before the thread', 'burn#7 [000] 1.5: 9 cycles:'],
    ['without a comm', '  7 [000] 1.5: 9 cycles:'],
    ['with a comm of more than 41 characters', `${'x'.repeat(42)} 7 [000] 1.5: 9 cycles:`],
    ['with more than forty spaces before the comm', `${' '.repeat(41)}burn 7 [000] 1.5: 9 cycles:`],
    ['with a colon in the comm', 'a:b 7 [000] 1.5: 9 cycles:'],
    ['with a comm that is not ASCII', 'bé 7 [000] 1.5: 9 cycles:'],
  ])('reads an event line %s as ordinary text', (_, line) => {
    const options = { marks: false, events: 'comm' } as const;
    const { seen, asked } = scanAll(`${line}\n${line}\n`, { choice, options });
    expect(asked).toEqual([line]);
    expect(seen).toEqual([line, line, '0 pending']);
  });

  it('strips the carriage return before a line feed', () => {
    expect(scanAll('a\r\na\nb\r\r\n', { choice }).asked).toEqual(['a', 'b\r']);
  });

  it('skips blank lines unless `blanks` is set', () => {
    expect(scanAll('a\n\n\na\n', { choice }).seen).toEqual(['a', 'a', '0 pending']);
  });

  it('reports that a host had no lines if the next line comes from another host', () => {
    const read = scanAll('1: \n2: a\n', { choice, prefixes: 'hosts' });
    expect(read.seen).toEqual(['host 1 1 at 0', 'left at 0 0', 'host 2 1 at 4', 'a', '0 pending']);
  });

  it('reads the second address as a name if it differs from the first', () => {
    const lines = [' 0x40 : 0x40 [/l+0x1]', ' 0x41 : 0x42 [/l+0x1]', ' 0x43 : 0x43 [/l+0x1]'];
    expect(scanAll(`${lines.join('\n')}\n`, { choice }).asked).toEqual(lines.slice(0, 2));
  });

  it('distinguishes lines with the same hash, even if they have the same length', () => {
    // the plain scanner computes the same hash for both lines of each pair
    const lines = ['frame qreac', 'frame bqz12', 'frame 153qvv', 'frame ar1eg'];
    const { seen, asked } = scanAll(`${[...lines, ...lines].join('\n')}\n`, { choice });
    expect(asked).toEqual(lines);
    expect(seen).toEqual([...lines, ...lines, '0 pending']);
  });
});

describe('a frame is plain', () => {
  it.each([
    ['whatever its module is called', ' 0x40 : f+0x1/0x2 [/a]', Plain.USER],
    ['at an address in the upper half', ' 0xffffffff81000010 : f+0x1/0x2 [kernel]', Plain.KERNEL],
    ['in a module whose name only begins with `kernel`', ' 0x40 : f+0x1/0x2 [kernels]', Plain.USER],
    ['in a module whose name is as long as `kernel`', ' 0x40 : f+0x1/0x2 [/a/b/c]', Plain.USER],
  ])('%s', (_, line, kind) => {
    expect(new PlainFrameReader().read(new TextEncoder().encode(line))).toBe(kind);
  });
});

describe('a frame is not plain', () => {
  it.each([
    ['without a closing bracket', ' 0x40 : f+0x1/0x2 [/a'],
    ['without a space at its start', 'x0x40 : f+0x1/0x2 [/a]'],
    ['without the leading 0 of its address', ' 1x40 : f+0x1/0x2 [/a]'],
    ['without the x of its address', ' 0y40 : f+0x1/0x2 [/a]'],
    ['without an address', ' 0x : f+0x1/0x2 [/a]'],
    ['with an address of more than sixteen digits', ' 0x12345678123456781 : f+0x1/0x2 [/a]'],
    ['without a space after its address', ' 0x40-: f+0x1/0x2 [/a]'],
    ['without a colon after its address', ' 0x40 ; f+0x1/0x2 [/a]'],
    ['without a space after the colon', ' 0x40 :-f+0x1/0x2 [/a]'],
    ['with an address as its name', ' 0x40 : 0x40+0x1/0x2 [/a]'],
    ['without a symbol', ' 0x40 : +0x1/0x2 [/a]'],
    ['with a space in its symbol', ' 0x40 : f(int, int)+0x1/0x2 [/a]'],
    ['with a symbol that is not ASCII', ' 0x40 : é+0x1/0x2 [/a]'],
    ['without an offset', ' 0x40 : f [/a]'],
    ['without digits in its offset', ' 0x40 : f+0x/0x2 [/a]'],
    ['without a slash after its offset', ' 0x40 : f+0x1-0x2 [/a]'],
    ['without the leading 0 of its size', ' 0x40 : f+0x1/1x2 [/a]'],
    ['without the x of its size', ' 0x40 : f+0x1/0y2 [/a]'],
    ['without digits in its size', ' 0x40 : f+0x1/0x [/a]'],
    ['without a space before its module', ' 0x40 : f+0x1/0x2-[/a]'],
    ['without an opening bracket', ' 0x40 : f+0x1/0x2 (/a]'],
    ['with a space in its module', ' 0x40 : f+0x1/0x2 [/a b]'],
    ['with a module that is not ASCII', ' 0x40 : f+0x1/0x2 [/é]'],
    ["in the probe's own module", ' 0x40 : f+0x1/0x2 [stap_1]'],
    ['in the kernel, with an address in the lower half', ' 0x40 : f+0x1/0x2 [kernel]'],
  ])('%s', (_, line) => {
    expect(new PlainFrameReader().read(new TextEncoder().encode(line))).toBe(Plain.NONE);
  });
});
