import { expect, it } from 'vitest';
import { parseFrame, type ParsedFrame } from '../src/grammar/frame.ts';

const user = { space: 'user', inexact: false } as const;
const kernel = { space: 'kernel', inexact: false } as const;
const unknown = { space: undefined, inexact: false } as const;

/** Each frame format that SystemTap prints, with its meaning. */
const FORMS: readonly (readonly [line: string, frame: Partial<ParsedFrame>])[] = [
  // print_backtrace, print_ubacktrace
  [
    ' 0x7f637f9362ec : __read+0x4c/0xa0 [/usr/lib/libc.so.6]',
    { address: '0x7f637f9362ec', symbol: '__read', offset: 0x4c, module: '/usr/lib/libc.so.6', ...user },
  ],
  [
    ' 0xffffffffb7bc2a4a : clear_user_erms+0xa/0x20 [kernel] (inexact)',
    {
      address: '0xffffffffb7bc2a4a',
      symbol: 'clear_user_erms',
      offset: 10,
      module: 'kernel',
      space: 'kernel',
      inexact: true,
    },
  ],
  [' 0x1000 : main+0x48/0x50', { address: '0x1000', symbol: 'main', offset: 0x48, ...user }],
  [
    ' 0xffffffffc02da164 [formats_g+0x8164/0x0] (inexact)',
    { address: '0xffffffffc02da164', module: 'formats_g', offset: 0x8164, space: 'kernel', inexact: true },
  ],
  [' 0x7fee72b14545', { address: '0x7fee72b14545', ...user }],
  [' 0xffffffff9d9c2a4a', { address: '0xffffffff9d9c2a4a', ...kernel }],
  ['<no user backtrace at 0xffffffff81000000>', user],
  ['<no kernel backtrace at 0xffffffff81000000>', kernel],
  [
    'Returning from:  0xffffffff81000000 : vfs_read+0x0/0x10 [kernel]',
    { address: '0xffffffff81000000', symbol: 'vfs_read', offset: 0, module: 'kernel', ...kernel },
  ],
  [
    'Returning to  :  0xffffffff81000010 : ksys_read+0x10/0x20 [kernel]',
    { address: '0xffffffff81000010', symbol: 'ksys_read', offset: 16, module: 'kernel', ...kernel },
  ],
  // print_stack, print_ustack, print_syms, print_usyms
  [
    ' 0x55c19bb7e559 : 0x55c19bb7e559 [/opt/demo/burn-stripped+0x1559/0x0]',
    { address: '0x55c19bb7e559', module: '/opt/demo/burn-stripped', offset: 0x1559, ...user },
  ],
  [' 0x7fb71bf102ec : 0x7fb71bf102ec', { address: '0x7fb71bf102ec', ...user }],
  // sprint_backtrace, sprint_ubacktrace
  ['is_prime+0x15 [burn-g]', { symbol: 'is_prime', offset: 0x15, module: 'burn-g', ...unknown }],
  ['do_syscall_64+0x5d [kernel]', { symbol: 'do_syscall_64', offset: 0x5d, module: 'kernel', ...kernel }],
  [
    '0xffffffffc02da164 [formats_g+0x8164] (inexact)',
    { address: '0xffffffffc02da164', module: 'formats_g', offset: 0x8164, space: 'kernel', inexact: true },
  ],
  ['0x7fee72b14545', { address: '0x7fee72b14545', ...user }],
  // …_brief, …_fileline
  ['hash_table+0x16', { symbol: 'hash_table', offset: 0x16, ...unknown }],
  [
    'main+0x16/0x20 at /src/main.c:12 [/opt/demo/burn]',
    { symbol: 'main', offset: 0x16, module: '/opt/demo/burn', file: '/src/main.c', line: 12, ...unknown },
  ],
  [
    ' 0x401000 : main+0x10/0x20 at main.c:7 [/x/a] (inexact)',
    {
      address: '0x401000',
      symbol: 'main',
      offset: 16,
      module: '/x/a',
      file: 'main.c',
      line: 7,
      space: 'user',
      inexact: true,
    },
  ],
  [
    ' 0x401000 : main+0x10/0x20 at main.c [/x/a]',
    { address: '0x401000', symbol: 'main', offset: 16, module: '/x/a', file: 'main.c', ...user },
  ],
  [
    ' 0x401000 : main+0x10/0x20 at /src/[old]/main.c:7',
    { address: '0x401000', symbol: 'main', offset: 16, file: '/src/[old]/main.c', line: 7, ...user },
  ],
  [
    ' 0x401000 : main+0x10/0x20 at main.c',
    { address: '0x401000', symbol: 'main', offset: 16, file: 'main.c', ...user },
  ],
  [
    ' 0x7f0000001000 [/usr/lib64/libfoo.so+0x1000/0x9000] at foo.c:12',
    {
      address: '0x7f0000001000',
      module: '/usr/lib64/libfoo.so',
      offset: 0x1000,
      file: 'foo.c',
      line: 12,
      ...user,
    },
  ],
  [
    ' 0x7f0000001000 [/usr/lib64/libfoo.so+0x1000/0x9000] at foo.c (inexact)',
    {
      address: '0x7f0000001000',
      module: '/usr/lib64/libfoo.so',
      offset: 0x1000,
      file: 'foo.c',
      space: 'user',
      inexact: true,
    },
  ],
  // SystemTap before 4.x, for kernel modules that are not named with -d; if requested, 1.x and 2.x print an offset
  // without a size
  [' 0xffffffffa060015d [libafs]', { address: '0xffffffffa060015d', module: 'libafs', ...kernel }],
  [
    ' 0xffffffffa059bed8 [libafs] (inexact)',
    { address: '0xffffffffa059bed8', module: 'libafs', space: 'kernel', inexact: true },
  ],
  [' 0x7fee72b14545 (inexact)', { address: '0x7fee72b14545', space: 'user', inexact: true }],
  [
    ' 0xffffffff81000010 : vfs_read+0x10 [kernel]',
    { address: '0xffffffff81000010', symbol: 'vfs_read', offset: 16, module: 'kernel', ...kernel },
  ],
  [' 0x401000 : main+0x10', { address: '0x401000', symbol: 'main', offset: 16, ...user }],
  [
    'Returning from: 0xffffffff81000000 : vfs_read+0x0/0x10 [kernel]',
    { address: '0xffffffff81000000', symbol: 'vfs_read', offset: 0, module: 'kernel', ...kernel },
  ],
  ['Returning to  : 0xffffffff81000010', { address: '0xffffffff81000010', ...kernel }],
  // white space that mail, copy and paste, or sed added
  [
    '0x7d36b1 : main+0x21/0x340 [...local/bin/mysqld]',
    { address: '0x7d36b1', symbol: 'main', offset: 0x21, module: '...local/bin/mysqld', ...user },
  ],
  [
    '\t 0xffffffffa02b86df [xfs] (inexact)',
    { address: '0xffffffffa02b86df', module: 'xfs', space: 'kernel', inexact: true },
  ],
  ['    main+0x48/0x50 [/p]  ', { symbol: 'main', offset: 0x48, module: '/p', ...unknown }],
  ['\t<no user backtrace at 0x1>', user],
  // kernels whose addresses are below 2^63
  [
    ' 0xc0407c0b : do_syscall_trace+0xb/0x1c [kernel]',
    { address: '0xc0407c0b', symbol: 'do_syscall_trace', offset: 11, module: 'kernel', ...kernel },
  ],
  // traces that other tools have changed
  [' 0x55e28  :  <unknown>', { address: '0x55e28', ...user }],
  [
    ' 0x55e28 : main+0x0/0x0 [main.c:12]',
    { address: '0x55e28', symbol: 'main', offset: 0, module: 'main.c:12', ...user },
  ],
  // names that contain separators
  [
    ' 0x1 : operator+(Vec const&, Vec const&)+0x1f/0x40 [/usr/lib/libstdc++.so.6.0.30]',
    {
      address: '0x1',
      symbol: 'operator+(Vec const&, Vec const&)',
      offset: 0x1f,
      module: '/usr/lib/libstdc++.so.6.0.30',
      ...user,
    },
  ],
  [
    ' 0x1 : a : b+0x1/0x2 [c] d+0x3/0x4 [/tmp/[odd] : dir+0x/x]',
    { address: '0x1', symbol: 'a : b+0x1/0x2 [c] d', offset: 3, module: '/tmp/[odd] : dir+0x/x', ...user },
  ],
  [
    ' 0x1 : clock_nanosleep@@GLIBC_2.17+0x85/0x150 [/usr/lib/libc.so.6]',
    {
      address: '0x1',
      symbol: 'clock_nanosleep@@GLIBC_2.17',
      offset: 0x85,
      module: '/usr/lib/libc.so.6',
      ...user,
    },
  ],
];

it.each(FORMS)('reads %j', (line, frame) => {
  expect(parseFrame(line)).toEqual(frame);
});

it.each([
  'burn-g;177',
  'burn-g 201',
  '1795412820161501528\tburn-g\t158\t0',
  'END',
  ' 0x1 : symbol without offset',
  ' 0x1 : cut+0x1/0x2 [/usr/lib/libc',
  ' 0x1111 [xfs',
  ' 0x1111 [a] b [c]',
  ' 0x1 [m+0x1/0x2] at',
  ' 0x11112222333344445 : seventeen_digits+0x1/0x2 [a]',
  '+0x12',
  '#! targets gone',
])('does not read %j as a frame', (line) => {
  expect(parseFrame(line)).toBeUndefined();
});

it('recognises kernel code by its addresses, which are 2^63 or higher', () => {
  expect(parseFrame(' 0x8000000000000000')?.space).toBe('kernel');
  expect(parseFrame(' 0x7fffffffffffffff')?.space).toBe('user');
  expect(parseFrame(' 0xffffffff')?.space).toBe('user');
});
