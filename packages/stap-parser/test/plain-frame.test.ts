import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Plain, PlainFrameReader } from '@stapflame/line-scanner';
import { parseFrame } from '../src/grammar/frame.ts';
import { isNoise } from '../src/grammar/noise.ts';
import { read } from './read.ts';

const reader = new PlainFrameReader();
const encoder = new TextEncoder();

/** Returns what the reader finds in a line, in the form of `parseFrame`'s result. */
function readPlain(line: string): { symbol: string; space: string } | undefined {
  const bytes = encoder.encode(line);
  const kind = reader.read(bytes);
  if (kind === Plain.NONE) return undefined;
  const symbol = new TextDecoder().decode(bytes.subarray(reader.from, reader.to));
  return { symbol, space: kind === Plain.KERNEL ? 'kernel' : 'user' };
}

it.each([
  [' 0x401000 : work+0x4/0x10 [/opt/demo/bin/burn]', 'work', 'user'],
  [' 0xffffffff81000010 : schedule+0x3b/0x80 [kernel]', 'schedule', 'kernel'],
  [' 0xffffffffa02b86df : xfs_read+0x1/0x2 [xfs]', 'xfs_read', 'kernel'],
  [' 0x1 : operator+0x1+0x4/0x10 [/a]', 'operator+0x1', 'user'],
  [' 0x1 : a;b+0x4/0x10 [/a[1]]', 'a;b', 'user'],
])('the frame %s is read from its bytes', (line, symbol, space) => {
  expect(readPlain(line)).toEqual({ symbol, space });
});

it.each([
  ' 0x401000 : 0x401000 [/opt/demo/bin/burn+0x1000/0x2000]',
  ' 0x401000 : f+0x4/0x10 [stap_0123_45]',
  ' 0xc1000010 : schedule+0x3b/0x80 [kernel]',
  ' 0x401000 : f(int, int)+0x4/0x10 [/a]',
  ' 0x401000 : f+0x4/0x10 [/a] (inexact)',
  ' 0x401000 : f+0x4/0x10 at a.c:3 [/a]',
  ' 0x401000 : f+0x4/0x10',
  ' 0x00000000000000001 : f+0x4/0x10 [/a]',
  ' 0x401000 : f+0x4/ [/a]',
  ' 0x401000 : é+0x4/0x10 [/a]',
  '  0x401000 : f+0x4/0x10 [/a]',
  '',
])('the line %j is not read as a plain frame', (line) => {
  expect(readPlain(line)).toBeUndefined();
});

const piece = fc.oneof(
  fc.constantFrom(
    ' ',
    '0x',
    ' : ',
    '+0x',
    '/0x',
    ' [',
    ']',
    '[',
    '+',
    'kernel',
    'stap_1_2',
    'f',
    '7',
    'a',
    '\u00e9',
  ),
  fc.constantFrom(' 0x1 : f+0x1/0x2 [/a]', ' 0xffffffff81000010 : g'),
);

it('a plain frame is read just as the complete grammar reads it', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const line = pieces.join('');
      const plain = readPlain(line);
      if (plain === undefined) return;
      const frame = parseFrame(line)!;
      expect({ symbol: frame.symbol, space: frame.space }).toEqual(plain);
      expect(isNoise(frame)).toBe(false);
    }),
  );
});

it('characters that labels must not contain are replaced as in the complete grammar', () => {
  const trace = [';', '#', '#x', 'a;b', 'x\u0080y']
    .map((symbol) => ` 0x1 : ${symbol}+0x1/0x2 [/a]\n\t1\n`)
    .join('');
  expect(read(trace, { frames: 'labels' })).toEqual(read(trace));
});

it('a frame keeps its name even if its prefix is recognised only later', () => {
  const trace = '0:  main+0x1 [xfs]\n0: \t1\n';
  for (const frames of ['whole', 'labels'] as const)
    expect(read(trace, { frames, hostFrames: true }).stacks).toEqual(['host 0;main 1']);
});
