import { describe, expect, it } from 'vitest';
import { generateScript, mappedFiles, type ScriptOptions } from '../src/index.ts';

/** One script of each kind, for one process. */
const KINDS = [
  ['that prints samples', {}],
  ['that counts samples in the kernel', { limit: 5 }],
  ['that prints waits', { kind: 'off-cpu' }],
  ['that adds up waits in the kernel', { kind: 'off-cpu', limit: 5 }],
] as const satisfies readonly (readonly [string, ScriptOptions])[];

const textOf = (options: ScriptOptions): string => generateScript({ seconds: 9, ...options }).text;

describe.each(KINDS)('a script %s', (_, kind) => {
  it('ends only when the time is up if all processes are sampled', () => {
    const text = textOf({ ...kind, system: true });
    expect(text).not.toContain('pid2task');
    expect(text).toContain('probe timer.s(9) {');
  });

  it('prints only lines that older tools know if the format is classic', () => {
    const text = textOf({ ...kind, pid: 1, format: 'classic' });
    expect(text).not.toMatch(/"#/);
    expect(text).toContain('\\t');
  });

  it('ends only when the command ends if no time is given', () => {
    const { text } = generateScript({ ...kind, command: 'demo', kernel: true });
    expect(text).toContain('!pid2task(target())');
    expect(text.match(/timer\.s\(\d+\)/g)).toEqual(['timer.s(1)']);
  });

  it('unwinds no kernel stack if only user stacks are requested, except for threads still waiting', () => {
    const text = textOf({ ...kind, pid: 1, user: true });
    expect(text).toMatch(/\b(print_)?ubacktrace\(\)/);
    expect(text).not.toMatch(/\bprint_backtrace\(\)|\bprint_stack\(k\)|\[k\b/);
  });

  it('unwinds no user stack if only kernel stacks are requested', () => {
    const text = textOf({ ...kind, pid: 1, kernel: true });
    expect(text).toMatch(/\b(print_)?backtrace\(\)/);
    expect(text).not.toMatch(/ubacktrace|ustack|\bu\b/);
  });
});

it('keys the table in the kernel by the requested stacks', () => {
  const keysOf = (options: ScriptOptions): readonly string[] =>
    [
      ...textOf({ pid: 1, limit: 5, ...options }).matchAll(/\bstacks\[(.*)\](?= <<<)|foreach \(\[(.*?)\]/g),
    ].map(([, key, names]) => key ?? names!);
  expect(keysOf({ user: true })).toEqual(['u', 'ubacktrace()']);
  expect(keysOf({ kernel: true })).toEqual(['k', 'backtrace()']);
  expect(keysOf({ user: true, kernel: true })).toEqual([
    'k, u',
    'user_mode() ? "" : backtrace(), ubacktrace()',
  ]);
  const kind = 'off-cpu';
  expect(keysOf({ kind, user: true })).toEqual(['u', 'user_at[thread]']);
  expect(keysOf({ kind, kernel: true })).toEqual(['k', 'left_at[thread]']);
  expect(keysOf({ kind })).toEqual(['k, u', 'left_at[thread], user_at[thread]']);
});

it('with addresses, prints no user addresses if only kernel stacks are requested', () => {
  const text = textOf({ pid: 1, kernel: true, addresses: true });
  expect(text).toContain('k = backtrace()\n');
  expect(text.match(/tokenize\(\w/g)).toEqual(['tokenize(k']);
});

it('ignores waits that are shorter or longer than requested', () => {
  const conditions = (options: ScriptOptions): string | undefined =>
    /if \(!left \|\| state \|\| (.*)\) next/.exec(textOf({ pid: 1, kind: 'off-cpu', ...options }))?.[1];
  expect(conditions({ minWait: 20 })).toBe('waited < 20');
  expect(conditions({ minWait: 20, maxWait: 30 })).toBe('waited < 20 || waited > 30');
});

it('names the machine in the header if it is known, and escapes a percent sign in the name', () => {
  expect(textOf({ pid: 1 })).not.toContain('host=');
  expect(textOf({ pid: 1, host: '[fe80::1%eth0]' })).toContain(' host=[fe80::1%%eth0]\\n"');
});

it('makes stap read the symbols of all kernel modules if requested', () => {
  const argumentsOf = (options: ScriptOptions): readonly string[] =>
    generateScript({ pid: 1, seconds: 9, ...options }).stapArguments;
  expect(argumentsOf({ allModules: true })).toContain('--all-modules');
  expect(argumentsOf({})).not.toContain('--all-modules');
});

it('leaves out mapped files whose names contain control characters or an escaped line feed', () => {
  const line = (file: string): string => `400000-452000 r-xp 00000000 08:02 1      ${file}\n`;
  expect(mappedFiles(line('/tmp/a\u001bb') + line(String.raw`/tmp/a\012b`) + line('/tmp/a b'))).toEqual([
    '/tmp/a b',
  ]);
});

it.each([undefined, null, 'pid'])('rejects options that are not an object: %j', (options) => {
  expect(() => generateScript(options as unknown as ScriptOptions)).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTIONS', message: expect.stringContaining('options: ') }),
  );
});

it.each(['on-cpu', 'off-cpu'] as const)(
  'prints 1024 stacks from a table in the kernel if no limit is given: %s',
  (kind) => {
    expect(textOf({ pid: 1, kind, mode: 'aggregate' })).toMatch(/foreach .* limit 1024\)/);
  },
);
