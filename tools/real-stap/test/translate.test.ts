import { generateScript, ScriptError, type ScriptOptions } from '@stapflame/stap-script';
import { beforeAll, describe, expect, it } from 'vitest';
import { locksOf } from '../laboratory/locks.ts';
import { prepare, target, translate, type Laboratory } from '../laboratory/machine.ts';
import { pairwise, type Combination } from '../laboratory/pairwise.ts';

const FACTORS = {
  target: ['pid', 'pids', 'tree', 'command', 'system'],
  stacks: ['user', 'kernel', 'both'],
  way: ['stream', 'aggregate', 'off-cpu', 'off-cpu top', 'distribution'],
  format: ['framed', 'classic'],
  addresses: [false, true],
  root: ['comm', 'thread', 'none'],
  event: ['cpu-clock', 'timer-profile', 'cpu-cycles'],
  frequency: [99, 999],
  seconds: [5, undefined],
  modules: [false, true],
  maxWait: [undefined, 1_000_000],
} as const;

const TARGETS: Readonly<Record<string, ScriptOptions>> = {
  pid: { pid: 4242 },
  pids: { pids: [4242, 4243] },
  tree: { pids: [4242, 4243], tree: true },
  command: { command: 'sleep 1' },
  system: { system: true },
};

function options(combination: Combination): ScriptOptions {
  const {
    target: whom,
    stacks,
    way,
    format,
    addresses,
    root,
    event,
    frequency,
    seconds,
    maxWait,
  } = combination;
  return {
    ...TARGETS[whom as string],
    ...(seconds !== undefined && { seconds }),
    ...(maxWait !== undefined && { maxWait }),
    format,
    addresses,
    root,
    event,
    frequency,
    user: stacks !== 'kernel',
    kernel: stacks !== 'user',
    kind: way === 'stream' || way === 'aggregate' ? 'on-cpu' : 'off-cpu',
    distribution: way === 'distribution',
    ...((way === 'aggregate' || way === 'off-cpu top') && { mode: 'aggregate' }),
  } as ScriptOptions;
}

function allowed(combination: Combination): boolean {
  try {
    generateScript(options(combination));
    return true;
  } catch (error) {
    if (error instanceof ScriptError) return false;
    throw error;
  }
}

const combinations = pairwise(FACTORS, allowed);

describe('real SystemTap', () => {
  let laboratory: Laboratory;
  beforeAll(() => {
    // sampling waits requires the kernel's function names, which come from the first boot
    laboratory = prepare();
  });

  it('is tested with combinations that cover all pairs', () => {
    expect(combinations.length).toBeGreaterThan(15);
  });

  it.each(combinations.map((combination) => [Object.values(combination).join(' '), combination] as const))(
    'accepts the script for %s, whose sampling probe takes no exclusive lock',
    async (_, combination) => {
      const modules = combination['modules'] ? [target(laboratory, 'shares')] : [];
      const locks = locksOf(
        await translate(laboratory, generateScript({ ...options(combination), modules })),
      );
      expect(locks.length).toBeGreaterThan(1);
      const rate = String(combination['frequency']);
      const sampling = locks.filter(({ point }) => point.startsWith('perf.') && point.includes(`(${rate})`));
      if (options(combination).kind === 'on-cpu') expect(sampling).toHaveLength(1);
      expect(sampling.flatMap(({ exclusive }) => exclusive)).toEqual([]);
      expect(locks.filter(({ exclusive, unwindsLocked }) => exclusive.length > 0 && unwindsLocked)).toEqual(
        [],
      );
    },
  );

  it('locks a counter that all CPUs write, and the check finds this lock', async () => {
    const text = 'global n probe perf.sw.cpu_clock.hz(99) { n++ } probe end { print(n) }';
    const naive = { ...generateScript({ pid: 1, seconds: 1 }), text };
    const probe = locksOf(await translate(laboratory, naive)).find(({ point }) => point.startsWith('perf.'));
    expect(probe?.exclusive).toEqual(['n']);
  });

  it('unwinds a stack under a lock if a global stores it, and the check finds this', async () => {
    const text =
      'global s probe perf.sw.cpu_clock.hz(99) { s[tid()] = backtrace() } probe end { foreach (t in s) print(t) }';
    const naive = { ...generateScript({ pid: 1, seconds: 1 }), text };
    const probe = locksOf(await translate(laboratory, naive)).find(({ point }) => point.startsWith('perf.'));
    expect(probe?.unwindsLocked).toBe(true);
  });
});
