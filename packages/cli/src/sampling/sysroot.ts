import { copyFileSync, mkdirSync, readlinkSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryDirectory } from '@stapflame/stap-runner';
import { mappedFiles, type ScriptOptions } from '@stapflame/stap-script';

/** What stap reads of this machine, and must find below its root directory, too. */
const OF_THE_KERNEL = ['lib/modules', 'boot', 'usr/lib/debug'];

/**
 * Where a process sees other files than this one does (container, chroot): a directory with copies of those it
 * has mapped, at the paths where it sees them, and the options that make stap use it. SystemTap knows a module
 * by the path below the root directory of the process; the path that leads there from outside matches nothing,
 * and a file of the same path outside has other symbols.
 */
export function sysrootOf(pid: number, maps: string): ScriptOptions | undefined {
  const root = readlinkSync(`/proc/${pid}/root`);
  const below = (file: string): string =>
    root !== '/' && file.startsWith(`${root}/`) ? file.slice(root.length) : file;
  const modules = mappedFiles(maps).map(below);
  const inside = (file: string): string => `/proc/${pid}/root${file}`;
  if (modules.every((file) => isSame(inside(file), file))) return undefined;
  const sysroot = temporaryDirectory();
  process.once('exit', () => rmSync(sysroot, { recursive: true, force: true }));
  for (const link of OF_THE_KERNEL) {
    mkdirSync(join(sysroot, dirname(link)), { recursive: true });
    symlinkSync(`/${link}`, join(sysroot, link));
  }
  for (const file of modules) {
    mkdirSync(join(sysroot, dirname(file)), { recursive: true });
    copyFileSync(inside(file), join(sysroot, file));
  }
  return { sysroot, modules };
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((file) => statSync(file, { throwIfNoEntry: false }));
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}
