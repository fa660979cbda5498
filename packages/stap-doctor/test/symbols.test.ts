import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Finding } from '../src/finding.ts';
import { preflight } from '../src/preflight/preflight.ts';
import { readFacts } from '../src/preflight/read-facts.ts';
import { readElf } from '../src/symbols/elf.ts';
import { namingOf, type ModuleSymbols } from '../src/symbols/module.ts';
import { captured, machine, withSections } from './machine.ts';

const PID = 4242;
const LIBC = '/usr/lib/x86_64-linux-gnu/libc.so.6';

function fixture(name: string): readonly string[] {
  return readFileSync(new URL(`fixtures/probe/${name}.txt`, import.meta.url), 'utf8').split('\n');
}

it.each(['readelf-perl', 'eu-readelf-perl'])("reads readelf's output for a stripped program: %s", (name) => {
  expect(readElf(fixture(name))).toEqual({
    symbolTable: false,
    dynamicSymbols: true,
    dwarf: false,
    debugData: false,
    unwindSection: '.eh_frame_hdr',
    buildId: '1fe33ad875fa0cb11cd1fe798112b559290b4fc6',
    debugLink: 'e33ad875fa0cb11cd1fe798112b559290b4fc6.debug',
  });
});

it('ignores sections that a separate debug file lists without their contents', () => {
  expect(readElf(fixture('readelf-libc6-dbg'))).toMatchObject({
    symbolTable: true,
    dynamicSymbols: false,
    dwarf: true,
    unwindSection: undefined,
    debugLink: undefined,
  });
});

it('does not treat a file as ELF if readelf cannot read it', () => {
  expect(readElf([])).toBeUndefined();
  expect(readElf(['readelf: Error: Not an ELF file - it has the wrong magic bytes at the start'])).toBe(
    undefined,
  );
});

const byName = (modules: readonly ModuleSymbols[]): Record<string, string> =>
  Object.fromEntries(modules.map((module) => [module.path, namingOf(module)]));

it('reports which functions can be named in each file of a real process', () => {
  expect(byName(readFacts(captured('spin-g')).modules)).toEqual({
    '/opt/demo/bin/spin-g': 'all',
    '/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2': 'all',
    [LIBC]: 'all',
  });
  expect(byName(readFacts(captured('spin-stripped')).modules)['/opt/demo/bin/spin-stripped']).toBe('none');
});

it('finds the package of a file that dpkg lists under its path from before the /usr merge', () => {
  const libc = readFacts(captured('spin-g')).modules.find(({ path }) => path === LIBC)!;
  expect(libc.owner).toEqual({
    name: 'libc6',
    version: '2.36-9+deb12u14',
    build: undefined,
    debugPackages: ['libc6-dbg'],
  });
  expect(libc.debugFile!.path).toMatch(/^\/usr\/lib\/debug\/\.build-id\//);
});

/**
 * Adds a file with the sections `own` to the probe's output about a target, replaces the sections `about`, and returns
 * the findings about the file.
 */
function withFile(path: string, own: Record<string, string>, about: Record<string, string> = {}): Finding[] {
  const sections = Object.entries({ module: path, ...own });
  const text = sections.map(([name, content]) => `[${name}]\n ${content.replaceAll('\n', '\n ')}\n`).join('');
  const facts = readFacts(withSections(captured('spin-g'), about).replace('[end]\n', () => `${text}[end]\n`));
  return preflight(facts, PID).filter(({ values }) => values['module'] === path.replace(/ \(deleted\)$/, ''));
}

const STRIPPED = fixture('readelf-perl').join('\n');
const NO_DEBUGINFOD = { debuginfod: 'https://symbols.example' };

it('reports files with only exported symbols, and files without symbols', () => {
  expect(withFile('/opt/a', { elf: STRIPPED, exports: '1757' })).toMatchObject([
    { code: 'symbols-exported-only', severity: 'costs', values: { names: 'exported', dwarf: 'no' } },
  ]);
  expect(withFile('/opt/a', { elf: STRIPPED, exports: '0' })).toMatchObject([{ code: 'symbols-missing' }]);
});

it('accepts a separate debug file from the same build, and rejects one from another build', () => {
  const debug = fixture('readelf-libc6-dbg').join('\n');
  const own = { elf: STRIPPED, exports: '9', 'debug-file': '/usr/lib/debug/opt/a', 'debug-elf': debug };
  const [finding] = withFile('/opt/a', own);
  expect(finding).toMatchObject({ code: 'symbols-exported-only' });
  expect(finding!.cause).toContain('/usr/lib/debug/opt/a exists, but belongs to another build');
  const same = debug.replace(
    /Build ID: \w+/,
    STRIPPED.slice(STRIPPED.indexOf('Build ID'), STRIPPED.indexOf('\n', STRIPPED.indexOf('Build ID'))),
  );
  expect(withFile('/opt/a', { ...own, 'debug-elf': same })).toEqual([]);
});

it('accepts the compressed symbol table in a Fedora library', () => {
  const elf = STRIPPED.replace('.gnu_debuglink  ', '.gnu_debugdata  ');
  expect(withFile('/opt/a', { elf, exports: '9' })).toEqual([]);
});

it('reports a file without unwind data even if it has symbols', () => {
  const elf = STRIPPED.replaceAll('.eh_frame', '.no_frame');
  const [finding] = withFile('/opt/a', { elf: elf.replace('.shstrtab ', '.symtab ') });
  expect(finding).toMatchObject({ code: 'unwind-data-missing', values: { unwind: 'none' } });
  expect(finding!.fixes[0]!.effect).toContain('-fasynchronous-unwind-tables');
});

it('reports a file that was replaced, and ignores the symbols of the new file', () => {
  expect(withFile('/opt/a (deleted)', {})).toMatchObject([
    { code: 'module-replaced', fixes: [{ commands: [] }] },
  ]);
});

it('accepts an existing file whose name ends in (deleted)', () => {
  const text = captured('spin-g').replace('[end]\n', () => '[module]\n /opt/a (deleted)\n[elf]\n x\n[end]\n');
  expect(readFacts(text).modules.at(-1)).toMatchObject({ path: '/opt/a (deleted)', deleted: false });
});

it('does not look for symbols of code that was compiled at run time', () => {
  const modules = '[module]\n /memfd:jit (deleted)\n[module]\n /dev/zero (deleted)\n[end]\n';
  const { length } = machine().modules;
  expect(readFacts(captured('spin-g').replace('[end]\n', () => modules)).modules).toHaveLength(length);
});

it('reports only that a file is unreadable if it cannot be read', () => {
  expect(withFile('/opt/a', {})).toMatchObject([{ code: 'module-unreadable', fixes: [] }]);
});

/** Returns the commands of each fix for a library without symbols. */
function commands(path: string, about: Record<string, string>): readonly (readonly string[])[] {
  const [finding] = withFile(path, { elf: STRIPPED, exports: '9' }, about);
  return finding!.fixes.map((fix) => fix.commands);
}

it('names the installed version on Debian, because apt might otherwise replace the sampled program', () => {
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

it('does not suggest the debug archive for the C library, even if apt has no lists', () => {
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

it('suggests no server if one is already in use, and no package for a file that no package contains', () => {
  const about = { ...NO_DEBUGINFOD, 'dpkg-owners': '' };
  expect(commands('/opt/a', about)).toEqual([[]]);
});

it('quotes package names in commands', () => {
  const about = { ...CENTOS6, 'rpm-owners': "x\tx-1-1.a'$(reboot)'\t/opt/a" };
  for (const command of commands('/opt/a', about).flat())
    if (command.includes('reboot')) expect(command).toContain("'x-1-1.a'\\''$(reboot)'\\'''");
});
