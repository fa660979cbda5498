import { lstat, readlink, realpath, type FileHandle } from 'node:fs/promises';
import { normalize } from 'node:path';
import { codeMappings, type CodeMapping } from '@stapflame/stap-script';
import { openMapped, through } from './mapped-file.ts';
import { Sysroot } from './sysroot.ts';
import { isReplaceable, isRoot } from './trust.ts';

/** What stap can be told about the files that a process has mapped as code. */
export interface TargetFiles {
  /** Paths as SystemTap sees them: below the root directory of the process. */
  readonly modules: readonly string[];
  /** The directory with copies of them, if stap must not use their paths. */
  readonly sysroot: string | undefined;
  /** Files that stap is not told about: their functions stay without names. */
  readonly left: readonly LeftOut[];
}

export interface LeftOut {
  readonly file: string;
  readonly reason: string;
}

/** Programs map a few hundred files. */
const MOST_FILES = 1024;
/** Linux limits one argument to 128 KiB, and for ssh and sudo the command line of stap is one argument. */
const MOST_CHARACTERS = 1 << 16;

/** The first names, as many as fit into stap's command line. */
export function fitting(files: readonly string[]): readonly string[] {
  let characters = 0;
  return files.slice(0, MOST_FILES).filter(({ length }) => (characters += length) <= MOST_CHARACTERS);
}

/**
 * Finds the files that give the functions of a process their names. Each is the file that is mapped, not what is at its
 * path: from outside, the path of a container or chroot leads to another file, and a process that has changed its root
 * directory since then has none of its libraries there. If stap would find another file by the path, or if others could
 * exchange it before stap opens it as root, all files are copied.
 *
 * @param target its /proc/PID, held open
 * @param maps text of its maps
 * @param mayCopy not if waits are sampled: with a root directory of copies, stap finds no functions of the kernel to
 * probe
 */
export async function targetFiles(
  target: FileHandle,
  maps: string,
  mayCopy: boolean,
  signal: AbortSignal,
): Promise<TargetFiles> {
  const { byPath, own, left } = await sorted(target, maps);
  const named = (mappings: readonly CodeMapping[]): string[] => mappings.map(({ file }) => file);
  if (own.length === 0 || signal.aborted) return { modules: named(byPath), sysroot: undefined, left };
  if (mayCopy) return copied(target, [...byPath, ...own], left, signal);
  const reason =
    'by its path stap would find another file, or others could exchange it; to trust it, name it with -d';
  return {
    modules: named(byPath),
    sysroot: undefined,
    left: [...left, ...named(own).map((file) => ({ file, reason }))],
  };
}

interface Sorted {
  /** Stap may use the path. */
  readonly byPath: readonly CodeMapping[];
  /** It may not. */
  readonly own: readonly CodeMapping[];
  readonly left: readonly LeftOut[];
}

async function sorted(target: FileHandle, maps: string): Promise<Sorted> {
  const [byPath, own, left]: [CodeMapping[], CodeMapping[], LeftOut[]] = [[], [], []];
  const asRoot = await isRoot();
  const root = await readlink(`${through(target)}/root`).catch(() => '/');
  const mappings = codeMappings(maps).map((each) => seenBelow(root, each));
  const tellable = new Set(fitting(mappings.map(({ file }) => file)));
  for (const mapping of mappings) {
    const { file } = mapping;
    try {
      if (!tellable.has(file)) throw new Error('more files are mapped than stap can be told of');
      const isSafe = (await isFoundByPath(target, mapping)) && !(asRoot && (await isReplaceable(file)));
      (isSafe ? byPath : own).push(mapping);
    } catch (error) {
      left.push({ file, reason: reasonOf(error) });
    }
  }
  return { byPath, own, left };
}

async function copied(
  target: FileHandle,
  mappings: readonly CodeMapping[],
  unreadable: readonly LeftOut[],
  signal: AbortSignal,
): Promise<TargetFiles> {
  const sysroot = await Sysroot.create();
  const modules: string[] = [];
  const left = [...unreadable];
  for (const mapping of mappings) {
    if (signal.aborted) break;
    try {
      await sysroot.copy(target, mapping, signal);
      modules.push(mapping.file);
    } catch (error) {
      left.push({ file: mapping.file, reason: reasonOf(error) });
    }
  }
  await sysroot.linkKernel();
  return { modules, sysroot: sysroot.directory, left };
}

/** For a process in a chroot, /proc/PID/maps shows paths from outside; SystemTap sees them from inside. */
function seenBelow(root: string, mapping: CodeMapping): CodeMapping {
  const { file } = mapping;
  return root !== '/' && file.startsWith(`${root}/`)
    ? { ...mapping, file: file.slice(root.length) }
    : mapping;
}

/** Whether the path also leads to the mapped file from here, without a link. */
async function isFoundByPath(target: FileHandle, mapping: CodeMapping): Promise<boolean> {
  const { file, inode } = mapping;
  // the kernel shows no other paths
  if (normalize(file) !== file) throw new Error('it has no real path');
  const here =
    (await realpath(file).catch(() => '')) === file ? await lstat(file, { bigint: true }) : undefined;
  try {
    const { stats, handle } = await openMapped(target, mapping);
    await handle.close();
    return here?.dev === stats.dev && here.ino === stats.ino;
  } catch (error) {
    // only root can follow the mappings of a process that has changed its root directory since
    if (here?.isFile() && here.ino === inode) return true;
    throw error;
  }
}

/** Without the path through our descriptors, which would mean nothing to the user. */
function reasonOf(error: unknown): string {
  return (error as Error).message.replace(/, \w+ '.*$/s, '');
}
