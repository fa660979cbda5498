import fc from 'fast-check';
import { expect, it } from 'vitest';
import { weighModules } from '../src/weight/weigh-modules.ts';
import { MAX_MODULES, SampleWeigher, type WeighedFrame } from '../src/weight/weigher.ts';
import { machine } from './machine.ts';
import { batch, weigh } from './stacks.ts';

const none = { ...machine(), modules: [] };

it('counts a stack once for each module, however many of its frames are in the module', () => {
  expect(weigh('@m @m dive@m @m _start@m 5', 'dive@m main@m _start@m 2')).toMatchObject({
    total: 7,
    modules: [{ module: 'm', present: 7, nameless: 5, stopsHere: 0 }],
  });
});

it.each([
  [
    "a program's entry function",
    'f@m main@m __libc_start_call_main@c __libc_start_main@@GLIBC_2.34@c _start@m 1',
  ],
  ['the unnamed entry function of a stripped program', '@m @m __libc_start_main_impl@c @m 1'],
  ['a thread', 'f@m start_thread@c __GI___clone3@c 1'],
  [
    'the unnamed start function of a thread in a C library without symbols',
    'f@m @/lib/libc.so.6 @/lib/libc.so.6 1',
  ],
  [
    'a thread whose start function has another name',
    'f@m x@/lib64/libpthread-2.12.so clone@/lib64/libc-2.12.so 1',
  ],
  ['a thread of musl', 'f@m start@c __clone@c 1'],
  ['a goroutine', 'main.main@m runtime.goexit.abi0@m 1'],
  ['a kernel entry point', 'read@kernel do_syscall_64@kernel 1'],
  ['a line with the thread name after the frames', 'f@m _start@m #burn/177 1'],
  ['the label of a stack that was cut at the depth limit', 'f@m g@m [cut] 1'],
])('accepts %s as the root of a complete stack', (_, stack) => {
  expect(weigh(stack).modules.filter(({ stopsHere }) => stopsHere > 0)).toEqual([]);
});

it('attributes a stack that ends early to the module of its outermost frame', () => {
  expect(weigh('read@c @m 3', 'dive@m #burn/177 4', 'f@m _start@m 1').modules).toMatchObject([
    { module: 'm', present: 8, nameless: 3, stopsHere: 7 },
    { module: 'c', present: 3, nameless: 0, stopsHere: 0 },
  ]);
});

it('attributes frames without a module to no module, and reports their weight', () => {
  expect(weigh('@ f@m _start@m 2', '@ @ 3', 'f@m _start@m 5')).toMatchObject({ total: 10, unknown: 5 });
});

it('attributes a stack that ends early in the C library to that library, even if the stack has only one frame', () => {
  const stops = weigh('read@/lib/libc.so.6 3', 'f@m read@/lib/libc.so.6 2').modules;
  expect(stops.map(({ module, stopsHere }) => [module, stopsHere])).toEqual([
    ['/lib/libc.so.6', 5],
    ['m', 0],
  ]);
});

it('distinguishes the vDSO by its address from other code that is not in a file', () => {
  const stacks = batch('@ f@m _start@m 2', '@ 3');
  const table = {
    frame: (id: number): WeighedFrame => ({
      ...stacks.table.frame(id),
      ...(id === 0 && { address: '0x7ffd3a5f0c41' }),
      ...(id === 3 && { address: '0x7f7e3a5f0c41' }),
    }),
  };
  const weigher = new SampleWeigher();
  weigher.add({ ...stacks, table });
  expect(weigher.weights).toMatchObject({ total: 5, vdso: 2, unknown: 3 });
  expect(weighModules(weigher.weights, none).map(({ code, values }) => [code, values['share']])).toEqual([
    ['frames-vdso', '40 %'],
    ['frames-unknown', '60 %'],
  ]);
});

it('ignores stacks without frames', () => {
  expect(weigh('#[damaged] 9', 'f@m _start@m 1').total).toBe(1);
});

it('lists the modules costliest first', () => {
  const { modules } = weigh('@a _start@z 1', '@b _start@z 3', 'f@c @d 2');
  expect(modules.map(({ module }) => module)).toEqual(['b', 'd', 'a', 'z', 'c']);
});

it('yields the same sums if the batches refer to different tables', () => {
  const stacks = ['@m _start@m 1', 'f@m _start@m 2', '@n _start@m 4'];
  const apart = new SampleWeigher();
  for (const stack of stacks) apart.add(batch(stack));
  expect(apart.weights).toEqual(weigh(...stacks));
});

it('limits the number of modules, and reports the weight of stacks with modules beyond the limit', () => {
  const stacks = Array.from({ length: MAX_MODULES + 10 }, (_, i) => `@m${i} _start@m0 1`);
  const weights = weigh(...stacks);
  expect(weights).toMatchObject({ total: MAX_MODULES + 10, beyond: 10 });
  expect(weights.modules).toHaveLength(MAX_MODULES);
});

it('never attributes more than the total weight to a module', () => {
  const word = fc.constantFrom('@a', 'f@a', '@b', '_start@b', '@', '#x', 'k@kernel', '__libc_start_main@c');
  const stack = fc.tuple(fc.array(word, { minLength: 1, maxLength: 6 }), fc.integer({ min: 0, max: 100 }));
  fc.assert(
    fc.property(fc.array(stack, { maxLength: 20 }), (stacks) => {
      const { total, unknown, modules } = weigh(...stacks.map(([words, n]) => [...words, n].join(' ')));
      expect(unknown).toBeLessThanOrEqual(total);
      for (const { present, nameless, stopsHere } of modules) {
        expect(present).toBeLessThanOrEqual(total);
        expect(Math.max(nameless, stopsHere)).toBeLessThanOrEqual(present);
      }
      const stopped = modules.reduce((sum, { stopsHere }) => sum + stopsHere, 0);
      expect(stopped).toBeLessThanOrEqual(total);
    }),
  );
});

it('yields the sum of the batches if they refer to one table', () => {
  const stacks = batch('@m _start@m 1', 'f@n _start@m 2');
  const weigher = new SampleWeigher();
  weigher.add(stacks);
  weigher.add({ ...stacks, weights: [Float64Array.of(10, 20)] });
  expect(weigher.weights).toMatchObject({ total: 33, modules: [{ nameless: 11 }, { present: 22 }] });
});

it('counts kernel frames without a module as the kernel', () => {
  expect(weigh('read@^ f@m _start@m 2', 'read@kernel f@m _start@m 3').modules).toMatchObject([
    { module: 'kernel', kernel: true, present: 5 },
    { module: 'm', kernel: false, present: 5 },
  ]);
});

it('lists the files whose symbols should be checked, costliest first', () => {
  const weigher = new SampleWeigher();
  weigher.add(batch('@/opt/a _start@/opt/z 1', '@/opt/b _start@/opt/z 3', '@n @/proc/kcore^ _start@n 9'));
  expect(weigher.files).toEqual(['/opt/b', '/opt/a', '/opt/z']);
});
