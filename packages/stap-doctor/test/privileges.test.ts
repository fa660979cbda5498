import { expect, it } from 'vitest';
import { codes, found, MEMBER, only, USER } from './checks.ts';

it("reports that a user needs sudo or SystemTap's groups, and states the risk of joining the groups", () => {
  const finding = only(USER);
  expect(finding).toMatchObject({ code: 'user-not-privileged', obstacle: 'permission' });
  expect(finding.fixes.map(({ commands, effect }) => commands[0] ?? effect)).toEqual([
    expect.stringContaining('Put sudo before stapflame'),
    'sudo usermod -aG stapusr,stapdev -- ana',
  ]);
  expect(finding.fixes[1]).toMatchObject({ risk: expect.stringContaining('root'), undo: expect.any(Array) });
});

it('quotes a user name', () => {
  expect(found({ ...USER, user: '$(reboot)' })[0]!.fixes.at(-1)!.commands[0]).toContain(`'$(reboot)'`);
});

it('accepts a user in stapusr and stapdev, but not one who is only in stapusr', () => {
  expect(codes(MEMBER)).toEqual([]);
  expect(codes({ ...USER, groups: 'ana stapusr' })).toEqual(['user-not-privileged']);
});

it('notes that sudo is enough if it runs stap without a password', () => {
  expect(only({ ...USER, sudo: 'yes' })).toMatchObject({ code: 'sudo-needed', severity: 'note' });
});

it('reports that root lacks capabilities, as in a container', () => {
  const process = 'CapEff:\t00000000a80425fb\nNoNewPrivs:\t0';
  expect(only({ process, container: 'docker' })).toMatchObject({
    code: 'capability-missing',
    cause: expect.stringContaining('docker'),
  });
});

it('does not mention containers if root lacks capabilities outside a container', () => {
  const process = 'CapEff:\t00000000a80425fb\nNoNewPrivs:\t0';
  const finding = only({ process, container: '' });
  expect(finding.cause).toBe('Root lacks CAP_SYS_MODULE or CAP_SYS_ADMIN.');
  expect(finding.fixes).toHaveLength(1);
});

it('does not suggest sudo on a machine without sudo', () => {
  const { fixes } = only({ ...USER, sudo: '' });
  expect(fixes.map(({ commands }) => commands[0])).toEqual(['sudo usermod -aG stapusr,stapdev -- ana']);
});

it('accepts a staprun without its setuid bit if sudo runs stap without a password', () => {
  const staprun = '-rwxr-x--- 1 0 112 247600 Feb 28  2023 /usr/bin/staprun';
  expect(codes({ ...MEMBER, staprun, sudo: 'yes' })).toEqual([]);
});

it('reports a staprun without its setuid bit, and a session where the bit has no effect', () => {
  const staprun = '-rwxr-x--- 1 0 112 247600 Feb 28  2023 /usr/bin/staprun';
  expect(only({ ...MEMBER, staprun }).fixes[0]!.commands).toEqual([
    'ls -l -- /usr/bin/staprun',
    'sudo chown root:stapusr -- /usr/bin/staprun',
    'sudo chmod 04754 -- /usr/bin/staprun',
  ]);
  const process = 'CapEff:\t0000000000000000\nNoNewPrivs:\t1';
  expect(only({ ...MEMBER, process }).cause).toContain('no-new-privs');
});

it.each([
  ['lockdown', { lockdown: 'none [integrity] confidentiality' }, 'kernel-locked-down'],
  ['enforced signatures', { signatures: 'Y' }, 'signatures-forced'],
  ['disabled modules', { 'modules-disabled': '1' }, 'modules-disabled'],
])('reports %s', (_, sections, code) => {
  expect(only(sections)).toMatchObject({ code, severity: 'blocks', obstacle: 'permission' });
});

it('suggests turning off validation only with Secure Boot, as a last resort, and shows how to undo it', () => {
  const lockdown = 'none [integrity] confidentiality';
  expect(only({ lockdown }).fixes.map(({ risk }) => risk)).toEqual([undefined, undefined]);
  const last = only({ lockdown, 'secure-boot': '   6   0   0   0   1' }).fixes.at(-1)!;
  expect(last.commands[0]).toContain('--disable-validation');
  expect(last.risk).toMatch(/^Last resort/);
  expect(last.undo![0]).toContain('--enable-validation');
});

it('reports restricted ptrace to users, but to root only if root is not allowed to use it either', () => {
  expect(codes({ yama: '1' })).toEqual([]);
  expect(only({ yama: '3' })).toMatchObject({ code: 'ptrace-restricted', severity: 'note', fixes: [] });
  expect(only({ ...MEMBER, yama: '1' }).fixes.at(-1)!.undo).toEqual([
    'sudo sysctl kernel.yama.ptrace_scope=1',
  ]);
});

it('reports an unknown ptrace_scope value as a restriction', () => {
  expect(only({ yama: '7' })).toMatchObject({
    code: 'ptrace-restricted',
    cause: 'kernel.yama.ptrace_scope is 7: attaching is restricted.',
  });
});
