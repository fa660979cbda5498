import { expect, it } from 'vitest';
import { compareVersions, isNewer, kernelVersion } from '../src/preflight/kernel-version.ts';
import { preflight } from '../src/preflight/preflight.ts';
import { codes, found, only, PID, USER } from './checks.ts';
import { machine } from './machine.ts';

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

it('suggests building SystemTap on Alpine, which has no SystemTap package', () => {
  const finding = only({ programs: '', stap: '', 'os-release': 'ID=alpine\nVERSION_ID=3.20.3' });
  expect(finding.fixes).toEqual([{ commands: [], effect: expect.stringContaining('from source') }]);
});

it('reports that staprun is missing even if stap is installed', () => {
  const finding = only({ programs: PROGRAMS.replace('/usr/bin/staprun\n', ''), staprun: '' });
  expect(finding).toMatchObject({ code: 'staprun-missing', values: { program: 'staprun' } });
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

it('reports that SystemTap 4.8 cannot compile for a 6.1 kernel whose headers have task_work_cancel_func', () => {
  expect(only(V48)).toMatchObject({
    code: 'systemtap-too-old-for-kernel',
    obstacle: 'configuration',
    values: { systemtap: '4.8', kernel: '6.1.0-56-cloud-amd64' },
  });
});

it('does not report SystemTap 4.8 as too old if the distribution backported its support for task_work_cancel_func', () => {
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

it.each([
  ['4.8', '4.10', -1],
  ['5.2', '5.1', 1],
  ['5.2', '5.2.0', 0],
  ['5.2', '5.2.1', -1],
  ['5.2.1', '5.2', 1],
])('compares versions of programs number by number: %s and %s', (one, other, sign) => {
  expect(Math.sign(compareVersions(one, other))).toBe(sign);
});

it('says nothing about versions if it cannot parse the version of the kernel or of SystemTap', () => {
  expect(codes({ ...V48, release: 'custom' })).toEqual([]);
  expect(codes({ stap: 'stap: cannot execute: required file not found' })).toEqual([]);
});

it.each([
  ['5.15.0', false],
  ['6.10.9', false],
  ['6.11.0', true],
  ['7.0.1', true],
])('expects task_work_cancel_func in kernels since 6.11 if there are no headers: %s', (release, renamed) => {
  const found = codes({ ...V48, release, headers: '', 'header-rename': '' });
  expect(found.includes('systemtap-too-old-for-kernel')).toBe(renamed);
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

it('names all the options that the kernel lacks', () => {
  const without = config('UPROBES').replace('CONFIG_TRACEPOINTS=y', '# CONFIG_TRACEPOINTS is not set');
  expect(only({ config: without }).cause).toBe(
    'CONFIG_TRACEPOINTS and CONFIG_UPROBES are not set in /boot/config-6.1.',
  );
});

it('requires utrace before Linux 3.5 and uprobes since 3.5, but their absence never blocks sampling', () => {
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

it('reports blocking findings first', () => {
  const order = found({ ...USER, sudo: 'no', yama: '1', 'system-map': '', kallsyms: '', headers: '' });
  expect(order.map(({ severity }) => severity)).toEqual(['blocks', 'blocks', 'costs', 'note']);
});

it('reports that readelf is missing', () => {
  const programs = PROGRAMS.replace('/usr/bin/readelf', '');
  expect(only({ programs }, PID)).toMatchObject({
    code: 'readelf-missing',
    fixes: [{ commands: ['apt-get install -- binutils'] }],
  });
});

it('does not ask for readelf if there is no file to read', () => {
  const programs = PROGRAMS.replace('/usr/bin/readelf', '');
  expect(preflight({ ...machine({ programs }), modules: [] }, PID)).toEqual([]);
});
