import { lstat, readlink, realpath, type FileHandle } from 'node:fs/promises';
import { normalize } from 'node:path';
import { codeMappings, type CodeMapping } from '@stapflame/stap-script';
import { openMapped, through } from './mapped-file.ts';
import { Sysroot } from './sysroot.ts';
import { isReplaceable, isRoot } from './trust.ts';

/** The files that a process has mapped as code, sorted by how stap may use them. */
export interface TargetFiles {
  /** Paths as SystemTap sees them: below the process's root directory. */
  readonly modules: readonly string[];
  /** The directory with copies of these files, if stap must not use their paths. */
  readonly sysroot: string | undefined;
  /** Files that stap is not told about, so that their functions stay without names. */
  readonly left: readonly LeftOut[];
}

export interface LeftOut {
  readonly file: string;
  readonly reason: string;
}

/** Programs map a few hundred files. */
const MOST_FILES = 1024;
/** Linux limits one argument to 128 KiB, and ssh and sudo pass stap's command line as one argument. */
const MOST_CHARACTERS = 1 << 16;

/** The first names, as many as fit on stap's command line. */
export function fitting(files: readonly string[]): readonly string[] {
  let characters = 0;
  return files.slice(0, MOST_FILES).filter(({ length }) => (characters += length) <= MOST_CHARACTERS);
}

/**
 * Finds the files that contain the names of a process's functions. We need the mapped file, which may not be the file
 * at its path: from outside, the path in a container or chroot leads to another file, and a process that has since
 * changed its root directory has none of its libraries there. All files are copied if stap would find another file by
 * the path, or if others could replace the file before stap opens it as root.
 *
 * @param target the process's /proc/PID, held open
 * @param maps text of the process's maps
 * @param mayCopy false if waits are sampled: with copies as its root directory, stap finds no kernel functions to
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
    'at its path, stap would find another file, or others could replace it; to trust it, name it with -d';
  return {
    modules: named(byPath),
    sysroot: undefined,
    left: [...left, ...named(own).map((file) => ({ file, reason }))],
  };
}

interface Sorted {
  /** Stap may use their paths. */
  readonly byPath: readonly CodeMapping[];
  /** Stap must not use their paths. */
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
      if (!tellable.has(file)) throw new Error('more files are mapped than stap can be told about');
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
    // only root can follow the mappings of a process that has since changed its root directory
    if (here?.isFile() && here.ino === inode) return true;
    throw error;
  }
}

/** The error's message without the path through our descriptors, which would mean nothing to the user. */
function reasonOf(error: unknown): string {
  return (error as Error).message.replace(/, \w+ '.*$/s, '');
}
