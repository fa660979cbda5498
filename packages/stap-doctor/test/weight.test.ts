import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sh } from '../src/shell.ts';
import { weighModules } from '../src/weight/weigh-modules.ts';
import { MAX_MODULES, SampleWeigher, type WeighedFrame, type WeighedStacks } from '../src/weight/weigher.ts';
import { machine } from './machine.ts';

const LIBC = '/usr/lib/x86_64-linux-gnu/libc.so.6';

/**
 * Creates a frame: `dive@burn`, `@burn` without a name, `@` with neither a name nor a module, `work@kernel` in the
 * kernel, or `#text`, a line that is not a frame.
 */
function frame(text: string): WeighedFrame {
  if (/^[#[]/.test(text)) return { label: text };
  const at = text.indexOf('@');
  const [symbol, module] = [text.slice(0, at), text.slice(at + 1)];
  return {
    label: symbol || '[unknown]',
    kernel: module === 'kernel',
    ...(symbol && { symbol }),
    ...(module && { module }),
  };
}

/** Creates a batch of stacks. Each is given leaf first, such as `a@m b@m _start@m 3`. */
function batch(...stacks: readonly string[]): WeighedStacks {
  const all: WeighedFrame[] = [];
  const bounds = [0];
  const counts: number[] = [];
  for (const stack of stacks) {
    const words = stack.split(' ');
    counts.push(Number(words.pop()));
    all.push(...words.map(frame));
    bounds.push(all.length);
  }
  return {
    table: { frame: (id) => all[id]! },
    frames: Uint32Array.from(all.keys()),
    bounds: Uint32Array.from(bounds),
    weights: [Float64Array.from(counts)],
  };
}

function weigh(...stacks: readonly string[]): SampleWeigher['weights'] {
  const weigher = new SampleWeigher();
  weigher.add(batch(...stacks));
  return weigher.weights;
}

it('counts a stack once for each module, even if several of its frames are in the module', () => {
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

it('distinguishes the vDSO from other code outside files by its address', () => {
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

it('suggests writing and saving a perf map if frames belong to no file', () => {
  const [finding] = weighModules(weigh('@ f@m _start@m 3'), none);
  const advice = finding!.fixes[0]!.effect!;
  expect(advice).toContain('node --perf-basic-prof');
  expect(advice).toContain('--save TRACE.symbols');
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

const facts = machine();
const none = { ...facts, modules: [] };

it('reports what a module costs and how to get its symbols', () => {
  const [libc, ...others] = facts.modules.toReversed();
  const without = { ...libc!, elf: { ...libc!.elf!, symbolTable: false }, exports: 3, debugFile: undefined };
  const weights = weigh(`@${LIBC} _start@m 31`, 'f@m _start@m 69');
  const [finding] = weighModules(weights, { ...facts, modules: [without, ...others] });
  expect(finding).toMatchObject({
    code: 'frames-nameless',
    severity: 'costs',
    meaning: `31 % of samples contain unnamed frames in ${LIBC}.`,
    values: { module: LIBC, share: '31 %', nameless: '31 %', stopsHere: '0 %', package: 'libc6' },
  });
  expect(finding!.fixes[0]!.commands).toEqual(['apt-get install -- libc6-dbg=2.36-9+deb12u14']);
});

describe('names that can be looked up after sampling', () => {
  const before = weigh('@/opt/app _start@m 30', '@ f@m _start@m 20', 'f@m _start@m 50');
  const command = sh`stapflame flame trace.bt --debug-dir build`;

  it('are offered as a fix if the data for looking them up was not saved', () => {
    for (const { fixes } of weighModules(before, none))
      expect(fixes.at(-1)!.effect).toMatch(/--save TRACE\.symbols.*--debug-dir.*--debuginfod/);
  });

  it('are reported with the remaining share and the command that uses them', () => {
    const after = weigh(
      'work@/opt/app _start@m 29',
      '@/opt/app _start@m 1',
      'jit@ f@m _start@m 20',
      'f@m _start@m 50',
    );
    const later = { weights: after, problems: new Map([['/opt/app', 'one function is not there']]), command };
    const found = weighModules(before, none, later);
    expect(found.map(({ code, cause }) => `${code}: ${cause}`)).toEqual([
      expect.stringMatching(
        /^frames-nameless: .* the share is 1 %\. The other frames: one function is not there\.$/,
      ),
      expect.stringMatching(/^frames-unknown: .* the share is 0 %\.$/),
    ]);
    for (const { fixes } of found) expect(fixes[0]!.commands).toEqual([command]);
  });

  it('result in no command if none were found', () => {
    const problems = new Map([['/opt/app', 'no file has its build-id']]);
    const [finding] = weighModules(before, none, { weights: before, problems, command });
    expect(finding!.cause).toMatch(
      /Looking up names afterwards found none\. The other frames: no file has its build-id\.$/,
    );
    expect(finding!.fixes.flatMap(({ commands }) => commands)).toEqual([]);
  });
});

it('reports the share of samples with frames in a module that has only exported names', () => {
  const libc = facts.modules.find(({ path }) => path === LIBC)!;
  const exported = { ...libc, exports: 3, debugFile: undefined };
  const [finding] = weighModules(weigh(`read@${LIBC} _start@m 1`, 'f@m _start@m 1'), {
    ...facts,
    modules: [exported],
  });
  expect(finding).toMatchObject({ code: 'frames-exported', values: { share: '50 %', names: 'exported' } });
});

it('reports names that may be wrong separately from missing names in the same file', () => {
  const libc = facts.modules.find(({ path }) => path === LIBC)!;
  const exported = { ...libc, exports: 3, debugFile: undefined };
  const found = weighModules(weigh(`read@${LIBC} _start@m 99`, `@${LIBC} _start@m 1`), {
    ...facts,
    modules: [exported],
  });
  expect(found.map(({ code, values }) => `${code} ${values['share']}`)).toEqual([
    'frames-exported 99 %',
    'frames-nameless 1 %',
  ]);
});

it('suggests -d instead of symbols for stacks that end early in a file with unwind data', () => {
  const exported = { ...facts.modules.find(({ path }) => path === LIBC)!, exports: 3, debugFile: undefined };
  const [finding] = weighModules(weigh(`read@${LIBC} 1`), { ...facts, modules: [exported] });
  expect(finding).toMatchObject({ code: 'stacks-stop', cause: expect.stringContaining('not named with -d') });
  expect(finding!.fixes[0]!.again).toEqual(['-d', LIBC]);
});

it('suggests no command for a file that does not exist', () => {
  const nothing = { elf: undefined, exports: undefined, debugFile: undefined, owner: undefined };
  const gone = { path: '/opt/gone', deleted: false, ...nothing };
  const [finding] = weighModules(weigh('@/opt/gone _start@m 1'), { ...facts, modules: [gone] });
  expect(finding).toMatchObject({ code: 'frames-nameless', values: { names: 'unknown' } });
  expect(finding!.fixes.flatMap(({ commands }) => commands)).toEqual([]);
});

it('sorts findings by cost, and finds nothing wrong with complete stacks whose frames have names', () => {
  const dear = weighModules(weigh('@a _start@z 1', 'f@b 3', '@ f@c _start@c 1'), none);
  expect(dear.map(({ code, values }) => [code, values['module'], values['share']])).toEqual([
    ['stacks-stop', 'b', '60 %'],
    ['frames-nameless', 'a', '20 %'],
    ['frames-unknown', '[unknown]', '20 %'],
  ]);
  expect(weighModules(weigh(`f@m main@m _start@m 3`), none)).toEqual([]);
  expect(weighModules(weigh(), none)).toEqual([]);
});

it.each([
  [1, 3, '33 %'],
  [1, 1000, '0.1 %'],
  [1, 100_000, 'under 0.1 %'],
  [995, 1000, '99.5 %'],
  [7, 7, '100 %'],
])('shows %d of %d as %s', (part, all, text) => {
  const stacks = [`@a _start@a ${part}`, ...(all > part ? [`f@b _start@b ${all - part}`] : [])];
  expect(weighModules(weigh(...stacks), none)[0]!.values['share']).toBe(text);
});
