import { expect, it } from 'vitest';
import { commands, NO_DEBUGINFOD } from './files.ts';

it('names the installed version on Debian, so that apt does not replace the sampled program', () => {
  const about = {
    ...NO_DEBUGINFOD,
    'dpkg-owners': 'libfoo1:amd64: /lib/libfoo.so.1',
    'dpkg-packages': 'libfoo1:amd64 1.2-3+b1 libfoo1',
    'apt-debug': 'libfoo1-dbgsym',
  };
  expect(commands('/usr/lib/libfoo.so.1', about)).toEqual([['apt-get install -- libfoo1-dbgsym=1.2-3+b1']]);
});

it("suggests Debian's debug archive and its debuginfod server if apt knows no package with the symbols", () => {
  const about = {
    'dpkg-owners': 'libfoo1:amd64: /lib/libfoo.so.1',
    'dpkg-packages': 'libfoo1:amd64 1.2-3 libfoo1',
    'apt-debug': '',
  };
  const [installed, served] = commands('/usr/lib/libfoo.so.1', about);
  expect(served![0]).toBe('export DEBUGINFOD_URLS=https://debuginfod.debian.net');
  expect(installed!.at(-1)).toBe('apt-get install -- libfoo1-dbgsym=1.2-3');
  expect(installed![0]).toContain('bookworm-debug main');
});

it('does not suggest the debug archive for the C library, even if apt has no package lists', () => {
  const about = {
    ...NO_DEBUGINFOD,
    'dpkg-owners': 'libc6:amd64: /lib/libc.so.6\nlibc6-i386: /lib32/libc.so.6',
    'dpkg-packages': 'libc6:amd64 2.36-9 libc6\nlibc6-i386 2.36-9 libc6-i386',
    'apt-debug': '',
  };
  expect(commands('/usr/lib/libc.so.6', about)).toEqual([['apt-get install -- libc6-dbg=2.36-9']]);
  expect(commands('/usr/lib32/libc.so.6', about)).toEqual([['apt-get install -- libc6-dbg=2.36-9']]);
});

it('suggests the ddebs.ubuntu.com archive on Ubuntu', () => {
  const about = {
    ...NO_DEBUGINFOD,
    'os-release': 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="22.04"\nVERSION_CODENAME=jammy',
    'dpkg-owners': 'libssl3:amd64: /usr/lib/x86_64-linux-gnu/libssl.so.3',
    'dpkg-packages': 'libssl3:amd64 3.0.2-0ubuntu1.15 libssl3',
    'apt-debug': '',
  };
  const [installed] = commands('/usr/lib/x86_64-linux-gnu/libssl.so.3', about);
  expect(installed!.join('\n')).toContain('ddebs.ubuntu.com jammy');
  expect(installed!.at(-1)).toBe('apt-get install -- libssl3-dbgsym=3.0.2-0ubuntu1.15');
});

const CENTOS6 = {
  ...NO_DEBUGINFOD,
  'os-release': 'CentOS release 6.8 (Final)',
  'dpkg-owners': '',
  'rpm-owners':
    'glibc\tglibc-2.12-1.192.el6.x86_64\t/lib64/libc.so.6\nkrb5-libs\tkrb5-libs-1.10.3-57.el6.x86_64\t/usr/lib64/libkrb5.so.3',
};

it('suggests debuginfo-install for exactly this build on CentOS 6, or a download by hand if the mirror fails', () => {
  const [installed, byHand] = commands('/usr/lib64/libkrb5.so.3', CENTOS6);
  expect(installed).toEqual([
    'yum install -- yum-utils',
    'debuginfo-install -- krb5-libs-1.10.3-57.el6.x86_64',
  ]);
  expect(byHand!.join('\n')).toContain('http://debuginfo.centos.org/6/');
  expect(byHand).toContain('wget -c -i debuginfo.urls');
  expect(byHand!.some((command) => command.startsWith('rpm -ivh'))).toBe(true);
});

it.each([
  [
    'Fedora',
    'ID=fedora\nVERSION_ID=41',
    { 'rpm-owners': 'glibc\tglibc-2.40-3.fc41.x86_64\t/opt/a' },
    'dnf debuginfo-install glibc-2.40-3.fc41.x86_64',
  ],
  [
    'openSUSE',
    'ID="opensuse-leap"\nVERSION_ID="15.6"',
    { 'rpm-owners': 'glibc\tglibc-2.38-150600.12.1.x86_64\t/opt/a' },
    'zypper --plus-content debug install -- glibc-debuginfo',
  ],
  [
    'Arch',
    'ID=arch',
    { 'owned-by': '/opt/a is owned by glibc 2.40+r16+gaa533d58ff-2' },
    'export DEBUGINFOD_URLS=https://debuginfod.archlinux.org',
  ],
  [
    'Alpine',
    'ID=alpine\nVERSION_ID=3.20.3',
    { 'owned-by': '/opt/a is owned by musl-1.2.5-r0' },
    'apk add -- musl-dbg',
  ],
])('shows the command that provides symbols on %s', (_, osRelease, owners, command) => {
  const about = { 'os-release': osRelease, 'dpkg-owners': '', ...owners };
  expect(commands('/opt/a', about).flat()).toContain(command);
});

it("suggests a command for the container's package manager if the file is in a container", () => {
  const about = {
    'module-os-release': 'ID=alpine\nVERSION_ID=3.20.3',
    'target-root': '/proc/4242/root',
    'dpkg-owners': '',
    'owned-by': '/opt/a is owned by musl-1.2.5-r0',
  };
  expect(commands('/opt/a', about).flat()).toContain('apk add -- musl-dbg');
});

it('suggests no debuginfod server if one is already in use, and no package for a file that no package contains', () => {
  const about = { ...NO_DEBUGINFOD, 'dpkg-owners': '' };
  expect(commands('/opt/a', about)).toEqual([[]]);
});

it('quotes package names in commands', () => {
  const about = { ...CENTOS6, 'rpm-owners': "x\tx-1-1.a'$(reboot)'\t/opt/a" };
  for (const command of commands('/opt/a', about).flat())
    if (command.includes('reboot')) expect(command).toContain("'x-1-1.a'\\''$(reboot)'\\'''");
});

it('names no version on Debian if dpkg does not report one', () => {
  const about = {
    ...NO_DEBUGINFOD,
    'dpkg-owners': 'diversion by dash from: /bin/sh\nlibfoo1:amd64, libfoo1:i386: /lib/libfoo.so.1',
    'dpkg-packages': '',
  };
  const [installed] = commands('/usr/lib/libfoo.so.1', about);
  expect(installed!.at(-1)).toBe('apt-get install -- libfoo1-dbgsym');
  const told = commands('/usr/lib/libfoo.so.1', { ...about, 'dpkg-packages': 'libfoo1:i386 1.2 libfoo1' });
  expect(told[0]!.at(-1)).toBe('apt-get install -- libfoo1-dbgsym=1.2');
  const plain = { 'dpkg-owners': 'libfoo1: /lib/libfoo.so.1', 'dpkg-packages': 'libfoo1 1.3' };
  expect(commands('/usr/lib/libfoo.so.1', { ...about, ...plain })[0]!.at(-1)).toBe(
    'apt-get install -- libfoo1-dbgsym=1.3',
  );
});

const ALPINE = { ...NO_DEBUGINFOD, 'os-release': 'ID=alpine\nVERSION_ID=3.20.3', 'dpkg-owners': '' };

it('finds the package that apk names for the target of a link', () => {
  const about = { ...ALPINE, 'owned-by': '/opt/a symlink target is owned by musl-1.2.5-r0' };
  expect(commands('/opt/a', about)).toEqual([['apk add -- musl-dbg']]);
});

it.each([
  'ERROR: /opt/a: Could not find owner package',
  '/opt/a is owned by musl',
  '/opt/a is owned by musl-1.2.5',
  '/opt/a is owned by -1.2.5-r0',
  '/opt/a is owned by musl-1.2.5-r0 and by others',
])('finds no owner in any other line from a package manager: %s', (line) => {
  expect(commands('/opt/a', { ...ALPINE, 'owned-by': line })).toEqual([[]]);
});
