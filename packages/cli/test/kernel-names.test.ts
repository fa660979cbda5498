import { beforeEach, describe, expect, it, vi } from 'vitest';
import { makeKernelNames, notRun } from '@stapflame/stap-runner';
import type { ScriptOptions } from '@stapflame/stap-script';
import { findingsOf } from '../src/sampling/advice.ts';
import { Countdown } from '../src/sampling/countdown.ts';
import { withKernelNames } from '../src/sampling/kernel-names.ts';
import type { End } from '../src/sampling/sampling.ts';

vi.mock(import('@stapflame/stap-runner'), async (original) => ({
  ...(await original()),
  makeKernelNames: vi.fn<typeof makeKernelNames>(),
}));
const make = vi.mocked(makeKernelNames);
beforeEach(() => void make.mockReset());

const NAMES = '/usr/lib/debug:/var/cache/stapflame/kernel-1';
const placeFor = (script: ScriptOptions) => ({ host: undefined, runner: { sudo: true }, script, notes: [] });

/** Returns the new runner options, and the messages to the user. */
async function prepared(script: ScriptOptions) {
  const messages: string[] = [];
  const countdown = new Countdown(true, undefined);
  vi.spyOn(countdown, 'say').mockImplementation((line) => void messages.push(line));
  const place = await withKernelNames(placeFor(script), countdown);
  return { runner: 'runner' in place ? place.runner : undefined, messages };
}

describe("the kernel's functions", () => {
  it.each<[string, ScriptOptions, boolean]>([
    ['user and kernel stacks', {}, true],
    ['kernel stacks', { kernel: true }, true],
    ['user stacks', { user: true }, false],
    ['waits in user stacks', { user: true, kind: 'off-cpu' }, true],
    ['addresses, whose names are looked up later', { addresses: true }, false],
    ['a process in a container', { sysroot: '/tmp/sysroot' }, false],
  ])('are given to stap if it needs them: %s', async (_, script, isNeeded) => {
    make.mockResolvedValue({ debuginfoPath: NAMES });
    const { runner } = await prepared(script);
    expect(runner).toEqual({ sudo: true, ...(isNeeded && { debuginfoPath: NAMES }) });
  });

  it('are announced only if they were made now', async () => {
    make.mockResolvedValueOnce({ debuginfoPath: NAMES, made: '/var/cache/stapflame/kernel-1' });
    make.mockResolvedValueOnce({ debuginfoPath: NAMES });
    const { messages } = await prepared({});
    expect(messages).toEqual([
      expect.stringMatching(/; to remove it: rm -r \/var\/cache\/stapflame\/kernel-1$/),
    ]);
    expect((await prepared({})).messages).toEqual([]);
  });

  it('are left to stap if it finds them by itself', async () => {
    make.mockResolvedValue({});
    expect(await prepared({})).toEqual({ runner: { sudo: true }, messages: [] });
  });

  it('are left to stap, and the reason is shown, if they cannot be kept safely', async () => {
    make.mockResolvedValue({ refused: '/var is a link' });
    expect(await prepared({})).toEqual({
      runner: { sudo: true },
      messages: ["stap may not find the kernel's functions: /var is a link"],
    });
  });

  it.each([true, false])('end the advice about names that the kernel lacks (given: %s)', (hasKernelNames) => {
    const messages = `WARNING: Kernel function symbol table missing [man warning::symbols]
WARNING: cannot find module kernel debuginfo: No DWARF information found [man warning::debuginfo]
WARNING: cannot find module /opt/demo debuginfo: No DWARF information found [man warning::debuginfo]
`;
    const exit = {
      ...notRun('failed'),
      reason: 'ended',
      messages,
      messageBytes: Buffer.from(messages),
    } as const;
    const end: End = { host: undefined, exit, trace: { first: '', last: '', samples: 1 }, hasKernelNames };
    const findings = findingsOf([end], {}).map(({ code, values }) => [code, values['module']]);
    expect(findings).toEqual(
      hasKernelNames
        ? [['debuginfo-missing', '/opt/demo']]
        : [
            ['kernel-symbols-missing', undefined],
            ['debuginfo-missing', 'kernel\n/opt/demo'],
          ],
    );
  });
});
