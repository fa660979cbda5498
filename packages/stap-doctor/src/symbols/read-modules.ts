import type { Section } from '../preflight/sections.ts';
import { readElf } from './elf.ts';
import type { DebugFile, ModuleSymbols, PackageName } from './module.ts';

const DELETED = ' (deleted)';
/** Matches mappings that look like files but were made by a program or the kernel, such as JIT code. */
const NO_FILE = /^\/(?:memfd:|dev\/|SYSV|anon_hugepage|\[)/;

/**
 * Reads the probe's `[module]` sections, the sections about each file that follow them, and the packages that the files
 * belong to.
 */
export function readModules(sections: readonly Section[]): readonly ModuleSymbols[] {
  const owners = readOwners(sections);
  const modules = new Map<string, ModuleSymbols>();
  const starts = sections.flatMap(({ name }, i) => (name === 'module' ? [i] : []));
  starts.forEach((start, i) => {
    const path = sections[start]!.lines.join('\n');
    if (NO_FILE.test(path)) return;
    const own = sections.slice(start + 1, starts[i + 1]);
    const deleted = path.endsWith(DELETED) && !own.some(({ name }) => name === 'elf');
    const shown = deleted ? path.slice(0, -DELETED.length) : path;
    modules.set(shown, {
      path: shown,
      deleted,
      elf: readElf(linesOf(own, 'elf')),
      exports: count(linesOf(own, 'exports')[0]),
      debugFile: readDebugFile(own),
      owner: owners.get(shown),
    });
  });
  return [...modules.values()];
}

function readDebugFile(own: readonly Section[]): DebugFile | undefined {
  const [path] = linesOf(own, 'debug-file');
  return path === undefined ? undefined : { path, elf: readElf(linesOf(own, 'debug-elf')) };
}

function count(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

function linesOf(sections: readonly Section[], name: string): readonly string[] {
  return sections.find((section) => section.name === name)?.lines ?? [];
}

/**
 * Returns the package for each path. The output differs between package managers, and several of them may be installed.
 */
function readOwners(sections: readonly Section[]): ReadonlyMap<string, PackageName> {
  const owners = new Map<string, PackageName>();
  for (const line of linesOf(sections, 'owned-by')) {
    const [path, name, version] = readOwner(line) ?? [];
    if (path !== undefined) owners.set(path, { name: name!, version, build: undefined, debugPackages: [] });
  }
  for (const line of linesOf(sections, 'rpm-owners')) {
    const [name, build, ...path] = line.split('\t');
    owners.set(path.join('\t'), { name: name!, version: undefined, build, debugPackages: [] });
  }
  for (const [path, owner] of readDpkgOwners(sections)) owners.set(path, owner);
  return owners;
}

/**
 * Reads a line from pacman (`PATH is owned by NAME VERSION`) or from apk (`PATH is owned by NAME-VERSION-rN` or, for a
 * link, `PATH symlink target is owned by …`).
 */
function readOwner(line: string): readonly [path: string, name: string, version: string] | undefined {
  const [, path, name, version] = /^(.*?)(?: symlink target)? is owned by (\S+)(?: (\S+))?$/.exec(line) ?? [];
  if (path === undefined) return undefined;
  if (version !== undefined) return [path, name!, version];
  const at = name!.search(/-\d/);
  return at > 0 && /-r\d+$/.test(name!) ? [path, name!.slice(0, at), name!.slice(at + 1)] : undefined;
}

function* readDpkgOwners(sections: readonly Section[]): Generator<readonly [string, PackageName]> {
  const versions = new Map<string, readonly [version: string | undefined, plainName: string]>();
  for (const line of linesOf(sections, 'dpkg-packages')) {
    const [name, version, plain] = line.split(' ');
    versions.set(name!, [version, plain ?? name!]);
  }
  const known = new Set(linesOf(sections, 'apt-debug'));
  for (const line of linesOf(sections, 'dpkg-owners')) {
    // "libc6:amd64, libc6:i386: /lib/…/libc.so.6"; lines about diversions have no package before the colon
    const [, packages, path] = /^([a-z0-9][^ /]*(?:, [^ /]+)*): (\/.*)$/.exec(line) ?? [];
    if (packages === undefined || path === undefined) continue;
    const installed = packages.split(', ').find((name) => versions.has(name)) ?? packages.split(', ')[0]!;
    const [version, name] = versions.get(installed) ?? [undefined, installed.replace(/:.*/, '')];
    const debugPackages = [`${name}-dbgsym`, `${name}-dbg`].filter((each) => known.has(each));
    const owner = { name, version, build: undefined, debugPackages };
    yield [path, owner];
    // the package lists /lib/…, but the process maps /usr/lib/…
    if (!path.startsWith('/usr/')) yield [`/usr${path}`, owner];
  }
}
