import { lstat, readlink, realpath, type FileHandle } from 'node:fs/promises';
import { normalize } from 'node:path';
import { codeMappings, type CodeMapping } from '@stapflame/stap-script';
import { openMapped, through } from './mapped-file.ts';
import { Sysroot } from './sysroot.ts';
import { isReplaceable, isRoot } from './trust.ts';

/** The files that a process has mapped as code, grouped by how stap may use them. */
export interface TargetFiles {
  /** Paths as SystemTap sees them, relative to the process's root directory. */
  readonly modules: readonly string[];
  /** A directory with copies of these files, if stap must not open the files at their paths. */
  readonly sysroot: string | undefined;
  /** Files that are not named to stap. Their functions will have no names. */
  readonly left: readonly LeftOut[];
}

export interface LeftOut {
  readonly file: string;
  readonly reason: string;
}

/** Maximum number of files to name to stap. Programs map a few hundred files. */
const MOST_FILES = 1024;
/**
 * Maximum total length of the names. Linux limits an argument to 128 KiB, and ssh and sudo pass stap's complete command
 * as one argument.
 */
const MOST_CHARACTERS = 1 << 16;

/** Returns as many names as fit on stap's command line, beginning with the first. */
export function fitting(files: readonly string[]): readonly string[] {
  let characters = 0;
  return files.slice(0, MOST_FILES).filter(({ length }) => (characters += length) <= MOST_CHARACTERS);
}

/**
 * Finds the files that contain the names of a process's functions. The mapped file may not be the file at its path. If
 * the process is in a container or chroot, the same path leads to another file for stap. If a process changed its root
 * directory after it had loaded its libraries, the libraries are not below the new root directory. All files are copied
 * if stap would find another file at one of the paths, or if other users could replace a file before stap opens it as
 * root.
 *
 * @param target the process's /proc/PID, held open
 * @param maps text of the process's maps
 * @param mayCopy false if waits are sampled, because stap finds no kernel functions to probe if its root directory
 * contains copies
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
    'stap would find another file at its path, or other users could replace it; name it with -d if you trust it';
  return {
    modules: named(byPath),
    sysroot: undefined,
    left: [...left, ...named(own).map((file) => ({ file, reason }))],
  };
}

interface Sorted {
  /** Files that stap may open at their paths. */
  readonly byPath: readonly CodeMapping[];
  /** Files that stap must not open by their original paths. */
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
      if (!tellable.has(file))
        throw new Error('there are more mapped files than fit on the command line of stap');
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

/**
 * Converts the path of a file that is mapped by a process in a chroot. /proc/PID/maps shows the path outside the
 * chroot, but SystemTap uses the path inside.
 */
function seenBelow(root: string, mapping: CodeMapping): CodeMapping {
  const { file } = mapping;
  return root !== '/' && file.startsWith(`${root}/`)
    ? { ...mapping, file: file.slice(root.length) }
    : mapping;
}

/** Whether the path also leads to the mapped file from this machine's root directory, without passing through links. */
async function isFoundByPath(target: FileHandle, mapping: CodeMapping): Promise<boolean> {
  const { file, inode } = mapping;
  // The kernel shows normalized paths for all files in the directory tree.
  if (normalize(file) !== file) throw new Error('it has no path in the directory tree');
  const here =
    (await realpath(file).catch(() => '')) === file ? await lstat(file, { bigint: true }) : undefined;
  try {
    const { stats, handle } = await openMapped(target, mapping);
    await handle.close();
    return here?.dev === stats.dev && here.ino === stats.ino;
  } catch (error) {
    // If the process changed its root directory after mapping the file, only root can follow the mapping.
    if (here?.isFile() && here.ino === inode) return true;
    throw error;
  }
}

/** Returns an error's message without the path through our descriptors, which would mean nothing to users. */
function reasonOf(error: unknown): string {
  return (error as Error).message.replace(/, \w+ '.*$/s, '');
}
