import fc from 'fast-check';

/** Pieces of traces and folded text, and pieces that do not belong there. */
export const PIECES = [
  ' 0x401000 : work+0x4/0x10 [/opt/demo/burn]\n',
  ' 0x401010 : main+0x4/0x10 [/opt/demo/burn]\n',
  ' 0xffffffff81000000 : do_syscall_64+0x5/0x90 [kernel]\n',
  ' 0xffffffff81000000 : do_syscall_64+0x5/0x90 [kernel] (inexact)\n',
  ' 0x7f00 [/usr/lib/libstdc++.so.6+0x10/0x20]\n',
  ' 0x55e28 : 0x55e28\n',
  'operator+(a, b)+0x1/0x2 [x]\n',
  // white space as found in practice, and frames that are known only by their module
  '    0x401000 : work+0x4/0x10 [/opt/demo/burn]\n',
  '\t0x401010 [xfs]\n',
  ' 0xffffffffa0600199 [libafs] (inexact)\n',
  ' 0x12 [m+0x1/0x2] at f.c:3\n',
  '        7 \n',
  // unrecognised lines, equal except for their addresses
  ' 0x1111 [xfs\n',
  ' 0x2222 [xfs\n',
  // a kernel below 2^63
  ' 0xc04079aa : k+0x1/0x2 [kernel]\n',
  ' 0xc04079aa : k+0x1/0x2 [kernel] (inexact)\n',
  // separators
  '-----\n',
  '---- 3 ----\n',
  'burn;177\n',
  '\t1\n',
  '\t-5\n',
  '\t0x10\n',
  '\n',
  '\r\n',
  '#< 0 5\n',
  '#> 0 5\n',
  '#. 7\n',
  '#\n',
  '#= ERROR: x\n',
  'ERROR: x/7\n',
  '# stapflame 1 mode=stream maxbacktrace=2\n',
  '# stapflame end hits=1\n',
  '# stapflame error hits=2\n',
  '# stapflame incomplete truncated=1\n',
  'WARNING: there were 3 transport failures.\n',
  'ERROR: probe overhead exceeded threshold\n',
  ' 0x401000 : woWARNING: Number of errors: 0\n',
  '0:  0x401000 : work+0x4/0x10 [/opt/demo/burn]\n',
  '1: \t2\n',
  '  0:     0x1111 [xfs]\n',
  '0:         2 \n',
  'ubt["bar+0x32 [foo]\\nmain+0x48 [foo]"]=0x77\n',
  'a;b;c 5\n',
  'a;b 3 4\n',
  '</script><script>alert(1)</script>;$(reboot) 1\n',
  '\u001b[31m\u202e;`x` 2\n',
  ';; 1\n',
  '_ZN3foo3barEv.isra.0;_RNvC1a1b 2\n',
  '7f00-8f00 r-xp 00000000 00:02 835 /usr/lib/a\n',
  '7f10 20 JS:*hot /srv/a.js:1:2\n',
  'ffffffff81000000 T do_syscall_64\n',
  '\ufeff',
  '\u0000',
  '\u0001',
] as const;

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const piece: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 240, arbitrary: fc.constantFrom(...PIECES).map(bytesOf) },
  // the end of a record: the more of these, the more stacks, with fewer frames each
  { weight: 60, arbitrary: fc.constant('\t1\n').map(bytesOf) },
  { weight: 30, arbitrary: fc.uint8Array({ maxLength: 12 }) },
  { weight: 30, arbitrary: fc.string({ maxLength: 20 }).map(bytesOf) },
  // the second of these makes a parser refuse the input
  { weight: 1, arbitrary: fc.constant('\t9007199254740991\n').map(bytesOf) },
  {
    weight: 30,
    arbitrary: fc.integer({ min: 200, max: 600 }).map((length) => new Uint8Array(length).fill(0x78)),
  },
);

/** Damage as caused by links and disks: a part is lost, comes twice, or has a byte changed. */
type Damage = { readonly kind: 'lose' | 'repeat' | 'turn'; readonly at: number; readonly length: number };
const damage: fc.Arbitrary<Damage> = fc.record({
  kind: fc.constantFrom('lose', 'repeat', 'turn'),
  at: fc.nat(100_000),
  length: fc.integer({ min: 1, max: 60 }),
});

function damaged(bytes: Uint8Array, { kind, at: anywhere, length }: Damage): Uint8Array {
  const at = anywhere % (bytes.length + 1);
  if (kind === 'lose') return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
  if (kind === 'repeat') return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
  const turned = Uint8Array.from(bytes);
  if (at < turned.length) turned[at]! ^= length;
  return turned;
}

/** Each costly check is run for one input in this many. */
const TURNS = 16;

/** An input, and the size of the pieces that it is split into. */
export interface FuzzInput {
  readonly bytes: Uint8Array;
  readonly cut: number;
  /** Selects the costly checks, below {@link TURNS}. It is part of the input, so that shrinking keeps it. */
  readonly turn: number;
}

/** Inputs made of the grammar's pieces and of parts of `corpus`, damaged. */
export function fuzzInputs(corpus: readonly Uint8Array[]): fc.Arbitrary<FuzzInput> {
  const real = fc
    .tuple(fc.nat(Math.max(corpus.length - 1, 0)), fc.nat(1 << 20), fc.integer({ min: 1, max: 1500 }))
    .map(([file, at, length]) => {
      const bytes = corpus[file] ?? new Uint8Array(0);
      const from = at % (bytes.length + 1);
      return bytes.subarray(from, from + length);
    });
  const made = fc.array(piece, { maxLength: 14 }).map((pieces) => new Uint8Array(Buffer.concat(pieces)));
  const whole = fc.oneof({ weight: 3, arbitrary: made }, { weight: 1, arbitrary: real });
  const turn = fc.noShrink(fc.noBias(fc.nat(TURNS - 1)));
  return fc
    .tuple(whole, fc.array(damage, { maxLength: 2 }), fc.constantFrom(1, 2, 3, 7, 61), turn)
    .map(([bytes, damages, cut, turn]) => ({ bytes: damages.reduce(damaged, bytes), cut, turn }));
}
