import { expect, it } from 'vitest';
import type { Finding } from '../src/finding.ts';
import { isNewer, kernelVersion } from '../src/preflight/kernel-version.ts';
import { preflight } from '../src/preflight/preflight.ts';
import { machine } from './machine.ts';

const PID = 4242;

function found(sections: Record<string, string>, pid?: number): readonly Finding[] {
  return preflight(machine(sections), pid);
}

function codes(sections: Record<string, string>, pid?: number): readonly string[] {
  return found(sections, pid).map(({ code }) => code);
}

function only(sections: Record<string, string>, pid?: number): Finding {
  const findings = found(sections, pid);
  expect(findings.map(({ code }) => code)).toHaveLength(1);
  return findings[0]!;
}

const USER = {
  user: 'ana',
  uid: '1000',
  groups: 'ana',
  process: 'CapEff:\t0000000000000000\nNoNewPrivs:\t0',
  sudo: 'no',
};
const PROGRAMS = '/usr/bin/stap\n/usr/bin/staprun\n/usr/bin/gcc\n/usr/bin/make\n/usr/bin/readelf';
const V48 = {
  stap: 'Systemtap translator/driver (version 4.8/0.188, Debian version 4.8-2)\ntested kernel versions: 2.6.32 ... 6.1.0-rc3',
};

it('finds no problems on a properly set up machine, with a process whose files have symbols', () => {
  expect(codes({}, PID)).toEqual([]);
});

it('shows how to install SystemTap if it is missing', () => {
  const finding = only({ programs: '/usr/bin/gcc\n/usr/bin/make', stap: '', staprun: '' });
  expect(finding).toMatchObject({
    code: 'systemtap-missing',
    severity: 'blocks',
    obstacle: 'missing-program',
  });
  expect(finding.fixes[0]!.commands).toEqual(['apt-get install -- systemtap']);
});

it.each([
  ['Fedora', 'ID=fedora\nVERSION_ID=41', 'dnf install systemtap'],
  ['CentOS 7', 'ID="centos"\nID_LIKE="rhel fedora"\nVERSION_ID="7"', 'yum install -- systemtap'],
  ['a derivative of Ubuntu', 'ID=linuxmint\nID_LIKE="ubuntu debian"', 'apt-get install -- systemtap'],
  ['openSUSE', 'ID="opensuse-leap"\nID_LIKE="suse opensuse"', 'zypper install -- systemtap'],
  ['Arch', 'ID=arch', 'pacman -S -- systemtap'],
])('shows the command that installs SystemTap on %s', (_, osRelease, command) => {
  const finding = only({ programs: '/usr/bin/gcc', stap: '', 'os-release': osRelease });
  expect(finding.fixes[0]!.commands).toEqual([command]);
});

it('names unused modules that a killed run left behind, and shows the command that unloads them', () => {
  const loaded = 'stap_54a8_991 327680 0 - Live 0x0 (OE)\nstap_6e01_1200 327680 2 - Live 0x0 (OE)';
  const finding = only({ loaded });
  expect(finding).toMatchObject({
    code: 'modules-abandoned',
    severity: 'costs',
    values: { modules: 'stap_54a8_991' },
  });
  expect(finding.fixes[0]!.commands).toEqual(['staprun -d -- stap_54a8_991']);
});

it('gives advice even if no command is known for the distribution', () => {
  const finding = only({ programs: '', stap: '', 'os-release': 'ID=frugal' });
  expect(finding.fixes).toEqual([{ commands: [], effect: expect.stringContaining('sourceware.org') }]);
});

it('suggests compiling on another machine if only the runtime is installed', () => {
  const finding = only({ programs: '/usr/bin/staprun', stap: '' });
  expect(finding.code).toBe('systemtap-runtime-only');
  expect(finding.fixes[0]!.effect).toContain('--compile-for 6.1.0-56-cloud-amd64');
});

it('names the missing tools that pass 4 needs', () => {
  const finding = only({ programs: '/usr/bin/stap\n/usr/bin/staprun\n/usr/bin/gcc' });
  expect(finding).toMatchObject({ code: 'compiler-missing', values: { programs: 'make' } });
});

it('reports that SystemTap 4.8 cannot compile for a 6.1 kernel whose headers have the new task_work', () => {
  expect(only(V48)).toMatchObject({
    code: 'systemtap-too-old-for-kernel',
    obstacle: 'configuration',
    values: { systemtap: '4.8', kernel: '6.1.0-56-cloud-amd64' },
  });
});

it('does not report SystemTap 4.8 as too old if the distribution backported the new task_work', () => {
  const patched = '/usr/share/systemtap/runtime\n/usr/share/systemtap/runtime/linux/runtime.h';
  expect(codes({ ...V48, runtime: patched })).toEqual(['systemtap-untested-kernel']);
});

it('warns about a SystemTap tested only with older kernels, and suggests a command that tests it', () => {
  const finding = only({ ...V48, 'header-rename': '' });
  expect(finding).toMatchObject({ code: 'systemtap-untested-kernel', severity: 'costs' });
  expect(finding.fixes[0]!.commands[0]).toMatch(/^stap -p4 /);
});

it.each([
  ['6.1.0-56-cloud-amd64', '6.1.0-rc3', true],
  ['6.1.0-rc3', '6.1.0-rc3', false],
  ['6.1.55', '6.1', false],
  ['6.12.4-arch1-1', '6.12-rc', true],
  ['5.14.0-427.el9.x86_64', '6.6-rc1', false],
  ['4.10.17', '4.9', true],
])('compares kernel versions: %s is newer than %s: %s', (kernel, than, newer) => {
  expect(isNewer(kernelVersion(kernel)!, kernelVersion(than)!)).toBe(newer);
});

/** The output of `stap -V` in Debian 13. */
const V51 =
  'Systemtap translator/driver (version 5.1/0.192, Debian version 5.1-5)\ntested kernel versions: 2.6.32 ... 6.9-rc0';
/** The output of `stap -V` in Debian testing. */
const V56 =
  'Systemtap translator/driver (version 5.6/0.196, Debian version 5.6-1)\ntested kernel versions: 3.10 ... 7.3.0-rc3';

it.each([
  ['5.1', V51, '6.12.63+deb13-amd64', ['systemtap-untested-kernel']],
  ['5.6', V56, '7.2.0-cloud-amd64', []],
  ['5.6', V56, '7.3.0', ['systemtap-untested-kernel']],
  ['5.6', V56, '7.4.1', ['systemtap-untested-kernel']],
])('uses the tested kernels that SystemTap %s reports', (_, stap, release, expected) => {
  const runtime = '/usr/share/systemtap/runtime\n/usr/share/systemtap/runtime/stp_task_work.c';
  expect(codes({ stap, release, runtime })).toEqual(expected);
});

it('uses its table of versions if stap does not report its tested kernels', () => {
  const stap = 'SystemTap translator/driver (version 2.6/0.159)';
  const runtime = '/usr/share/systemtap/runtime\n/usr/share/systemtap/runtime/x.h';
  expect(only({ stap, runtime }).values).toMatchObject({ systemtap: '2.6', tested: '3.18' });
});

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
  expect(codes({ ...USER, groups: 'ana stapusr stapdev' })).toEqual([]);
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

it('reports a staprun without its setuid bit, and a session where the bit has no effect', () => {
  const member = { ...USER, groups: 'ana stapusr stapdev' };
  const staprun = '-rwxr-x--- 1 0 112 247600 Feb 28  2023 /usr/bin/staprun';
  expect(only({ ...member, staprun }).fixes[0]!.commands).toEqual([
    'ls -l -- /usr/bin/staprun',
    'sudo chown root:stapusr -- /usr/bin/staprun',
    'sudo chmod 04754 -- /usr/bin/staprun',
  ]);
  const process = 'CapEff:\t0000000000000000\nNoNewPrivs:\t1';
  expect(only({ ...member, process }).cause).toContain('no-new-privs');
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

it('reports restricted ptrace to users, but to root only if root may not use it either', () => {
  expect(codes({ yama: '1' })).toEqual([]);
  expect(only({ yama: '3' })).toMatchObject({ code: 'ptrace-restricted', severity: 'note', fixes: [] });
  const member = { ...USER, groups: 'ana stapusr stapdev' };
  expect(only({ ...member, yama: '1' }).fixes.at(-1)!.undo).toEqual([
    'sudo sysctl kernel.yama.ptrace_scope=1',
  ]);
});

const CONFIG = ['MODULES', 'DEBUG_FS', 'RELAY', 'PERF_EVENTS', 'KPROBES', 'TRACEPOINTS', 'UPROBES'];
const config = (without: string): string =>
  ['/boot/config-6.1', ...CONFIG.filter((name) => name !== without).map((name) => `CONFIG_${name}=y`)].join(
    '\n',
  );

it.each([
  ['MODULES', 'blocks'],
  ['DEBUG_FS', 'blocks'],
  ['RELAY', 'blocks'],
  ['PERF_EVENTS', 'blocks'],
  ['KPROBES', 'costs'],
  ['TRACEPOINTS', 'costs'],
  ['UPROBES', 'costs'],
])('reports a kernel without CONFIG_%s as %s', (name, severity) => {
  expect(only({ config: config(name) })).toMatchObject({
    severity,
    values: { options: `CONFIG_${name}`, file: '/boot/config-6.1' },
  });
});

it('requires utrace before Linux 3.5 and uprobes from 3.5 on, but their absence never blocks sampling', () => {
  const old = { release: '2.6.32-754.el6.x86_64', config: config('UPROBES') };
  expect(found(old).filter(({ code }) => code.startsWith('kernel-without'))).toMatchObject([
    { code: 'kernel-without-utrace', severity: 'costs' },
  ]);
  const utrace = { ...old, config: `${old.config}\nCONFIG_UTRACE=y` };
  expect(codes(utrace).filter((code) => code.startsWith('kernel-without'))).toEqual([]);
  expect(codes({ release: '3.5.0', config: config('UPROBES') })).toContain('kernel-without-uprobes');
});

it('reports that the kernel configuration is unknown if it cannot be read', () => {
  expect(only({ config: '' })).toMatchObject({ code: 'kernel-config-unknown', severity: 'note' });
});

it('names the package with the kernel headers', () => {
  const finding = only({ headers: '' });
  expect(finding).toMatchObject({ code: 'kernel-headers-missing', obstacle: 'configuration' });
  expect(finding.fixes[0]!.commands).toEqual(['apt-get install -- linux-headers-6.1.0-56-cloud-amd64']);
});

it('does not suggest a headers package on WSL2, whose kernel comes from Microsoft', () => {
  const release = '5.15.153.1-microsoft-standard-WSL2';
  const finding = found({ headers: '', release }).find(({ code }) => code === 'kernel-headers-missing')!;
  expect(finding.fixes[0]).toMatchObject({ commands: [], effect: expect.stringContaining('WSL2') });
});

it('suggests no command for installing headers that apt does not have', () => {
  const [fix] = only({ headers: '', 'headers-package': 'no' }).fixes;
  expect(fix).toMatchObject({ commands: [], effect: expect.stringContaining('came from elsewhere') });
});

it('reports that the kernel hides its symbols', () => {
  const hidden = { 'system-map': '', kallsyms: '0000000000000000 T _text', kptr: '1' };
  const finding = only(hidden);
  expect(finding).toMatchObject({ code: 'kernel-symbols-hidden', severity: 'costs' });
  expect(finding.fixes.at(-1)!.undo).toEqual(['sysctl kernel.kptr_restrict=1']);
  expect(codes({ ...hidden, kallsyms: 'ffffffff81000000 T _text' })).toEqual([]);
});

it.each([
  ['a process that does not exist', '', 'target-gone', 'blocks'],
  ['a zombie', 'Name:\tx\nState:\tZ (zombie)\nUid:\t0\t0\t0\t0', 'target-gone', 'blocks'],
  ['a kernel thread', 'Name:\tkthreadd\nState:\tS (sleeping)', 'target-kernel-thread', 'note'],
  [
    'a traced process',
    'Name:\tx\nState:\tt (tracing stop)\nTracerPid:\t77\nVmSize:\t9 kB',
    'target-traced',
    'note',
  ],
])('reports %s', (_, status, code, severity) => {
  expect(only({ 'target-status': status }, PID)).toMatchObject({ code, severity });
});

it("reports that this user may not read the target's files, and suggests sudo unless the user is root", () => {
  const hidden = { 'target-maps': '', 'target-status': 'Name:\tx\nUid:\t1\t1\nVmSize:\t9 kB' };
  expect(only(hidden, PID)).toMatchObject({ code: 'target-unreadable', severity: 'costs', fixes: [] });
  const member = { ...USER, groups: 'ana stapusr stapdev' };
  expect(only({ ...hidden, ...member }, PID).fixes[0]!.commands).toEqual(['sudo stapflame doctor -p 4242']);
});

it('reports blocking findings first', () => {
  const order = found({ ...USER, sudo: 'no', yama: '1', 'system-map': '', kallsyms: '', headers: '' });
  expect(order.map(({ severity }) => severity)).toEqual(['blocks', 'blocks', 'costs', 'note']);
});

it('reports a target in a container only if SystemTap is too old to enter its namespaces', () => {
  const container = { 'target-root': '/proc/4242/root' };
  expect(codes(container, PID)).toEqual([]);
  const old = { ...container, stap: 'version 5.0/0.190', runtime: '/r\n/r/x', 'header-rename': '' };
  expect(codes(old, PID)).toEqual(['target-in-container']);
});

it('reports that readelf is missing', () => {
  const programs = PROGRAMS.replace('/usr/bin/readelf', '');
  expect(only({ programs }, PID)).toMatchObject({
    code: 'readelf-missing',
    fixes: [{ commands: ['apt-get install -- binutils'] }],
  });
});
