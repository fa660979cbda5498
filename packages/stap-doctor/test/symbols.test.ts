import { expect, it } from 'vitest';
import { readFacts } from '../src/preflight/read-facts.ts';
import { fixAllSymbols } from '../src/symbols/check-modules.ts';
import { readElf } from '../src/symbols/elf.ts';
import { namingOf, type ModuleSymbols } from '../src/symbols/module.ts';
import { fixture, NO_DEBUGINFOD, STRIPPED, withFile } from './files.ts';
import { captured, machine } from './machine.ts';

const LIBC = '/usr/lib/x86_64-linux-gnu/libc.so.6';

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

it('does not take a file for an ELF file if readelf cannot read it', () => {
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

it('says nothing about an unreadable file except that it is unreadable', () => {
  expect(withFile('/opt/a', {})).toMatchObject([{ code: 'module-unreadable', fixes: [] }]);
});

it('suggests the symbol package for a packaged file without unwind data', () => {
  const elf = STRIPPED.replaceAll('.eh_frame', '.no_frame').replace('.shstrtab ', '.symtab ');
  const about = { ...NO_DEBUGINFOD, 'dpkg-owners': 'libc6:amd64: /lib/libfoo.so.1' };
  const [finding] = withFile('/usr/lib/libfoo.so.1', { elf }, about);
  expect(finding!.code).toBe('unwind-data-missing');
  expect(finding!.fixes.map((fix) => fix.commands)).toEqual([
    ['apt-get install -- libc6-dbg=2.36-9+deb12u14'],
  ]);
});

it('reports whether a file has DWARF', () => {
  const elf = STRIPPED.replaceAll('.eh_frame', '.no_frame').replace('.shstrtab ', '.debug_info ');
  expect(withFile('/opt/a', { elf, exports: '9' })).toMatchObject([{ values: { dwarf: 'yes' } }]);
});

it('names no path of a separate debug file for a file without a build-id', () => {
  const elf = STRIPPED.replace(/^.*Build ID.*$/m, '');
  const [finding] = withFile('/opt/a', { elf, exports: '0' });
  expect(finding!.cause).toBe(
    'The file has no symbol table, and no separate file with a symbol table was found.',
  );
  expect(finding!.values).not.toHaveProperty('buildId');
});

it('provides the symbols of all packaged files at once, if at least two lack them', () => {
  const facts = machine(NO_DEBUGINFOD);
  expect(fixAllSymbols(facts)).toEqual([]);
  const [program, loader, libc] = facts.modules.map((module) => ({
    ...module,
    elf: { ...module.elf!, symbolTable: false },
    debugFile: undefined,
  }));
  const fixesFor = (...modules: readonly ModuleSymbols[]): readonly (readonly string[])[] =>
    fixAllSymbols({ ...facts, modules }).map((fix) => fix.commands);
  expect(fixesFor(program!, loader!, libc!)).toEqual([['apt-get install -- libc6-dbg=2.36-9+deb12u14']]);
  expect(fixesFor(program!, libc!)).toEqual([]);
  expect(fixesFor({ ...loader!, deleted: true }, libc!)).toEqual([]);
});
