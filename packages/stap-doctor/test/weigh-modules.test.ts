import { describe, expect, it } from 'vitest';
import { sh } from '../src/shell.ts';
import { weighModules } from '../src/weight/weigh-modules.ts';
import { machine } from './machine.ts';
import { weigh } from './stacks.ts';

const LIBC = '/usr/lib/x86_64-linux-gnu/libc.so.6';
const facts = machine();
const none = { ...facts, modules: [] };

it('suggests writing and saving a perf map if frames belong to no file', () => {
  const [finding] = weighModules(weigh('@ f@m _start@m 3'), none);
  const advice = finding!.fixes[0]!.effect!;
  expect(advice).toContain('node --perf-basic-prof');
  expect(advice).toContain('--save TRACE.symbols');
});

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

it('reports the share of all samples that contain frames in a module with only exported names', () => {
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

it('suggests -d for a kernel module without names, and --all-modules for the kernel itself', () => {
  const found = weighModules(weigh('@ext4^ read@kernel 2', '@kernel 1'), none);
  expect(found.map(({ cause, fixes }) => [cause, fixes[0]!.again])).toEqual([
    ['This kernel module was not named with -d when the trace was sampled.', ['-d', 'ext4']],
    ['SystemTap had no kernel symbols.', ['--all-modules']],
  ]);
});

it('suggests -d for a file whose symbols would name its frames', () => {
  const [finding] = weighModules(weigh(`@${LIBC} _start@m 1`), facts);
  expect(finding).toMatchObject({
    code: 'frames-nameless',
    cause: expect.stringContaining('not named with -d'),
  });
  expect(finding!.fixes[0]!.again).toEqual(['-d', LIBC]);
});

it('reports a remaining share of 0 % if the module no longer occurs once names have been looked up', () => {
  const later = { weights: weigh('f@m _start@m 2'), problems: new Map<string, string>(), command: sh`true` };
  const [finding] = weighModules(weigh('@/opt/app f@m _start@m 2'), none, later);
  expect(finding!.cause).toMatch(/the share is 0 %\.$/);
});
