import { execFile } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import type { UnnamedFile } from '@stapflame/stacks/stream';
import { readElf, type ElfFile, type ReadAt } from './elf.ts';
import { ExportedCode } from './exported-code.ts';
import { unpackMiniDebugInfo } from './mini-debug-info.ts';
import { readAt } from './read-at.ts';

/** The file used to look up a module's functions. */
export interface ModuleFile {
  readonly path: string;
  /** An unnamed file created for the module. A process that inherits it as descriptor 3 opens {@link UNNAMED}. */
  readonly unnamed?: UnnamedFile;
  /** The address where the file's first byte is meant to be mapped. */
  readonly base: number;
  /** Whether the file has more names than SystemTap saw: the module is stripped, or this file has debug information. */
  readonly knowsMore: boolean;
  /**
   * Exported functions, if the file leaves them out. Mini debug information contains only functions that the module
   * does not export, so a symboliser may return the name of a preceding function for the code of an exported one.
   */
  readonly exported?: ExportedCode | undefined;
}

/** The path of an unnamed file in a process that has it open as descriptor 3. */
const UNNAMED = '/proc/self/fd/3';

/** The file with a module's functions, or the reason why there is none. */
export type Located = { readonly file: ModuleFile } | { readonly reason: string };

/** Where to search for debug information files. */
export interface DebugSources {
  /** Files given by the user. If the build-id of a sampled module is not known, a file with the same name is used. */
  readonly files: readonly string[];
  /** Directories to search, in order. */
  readonly directories: readonly string[];
  /** Whether to use `debuginfod-find` to ask the servers in `DEBUGINFOD_URLS`. */
  readonly debuginfod: boolean;
}

/** Timeout for a download, which may be several gigabytes. */
const DOWNLOAD_MS = 600_000;

/**
 * Finds the file with the names of a module's functions: a debug information file with the same build-id, or the module
 * itself. A file from another build is never used. If the module's build-id is not known, only a file given by the user
 * is used.
 *
 * @param module the module's path, as written in the trace
 */
export async function locate(
  module: string,
  buildId: string | undefined,
  { files, directories, debuginfod }: DebugSources,
): Promise<Located> {
  for (const path of files) {
    const elf = elfAt(path);
    const fits = buildId === undefined ? isNamedFor(path, module) : elf?.buildId === buildId;
    if (fits && elf?.names === true) return { file: { path, base: elf.base, knowsMore: true } };
  }
  if (buildId === undefined)
    return {
      reason: 'its build-id is not known; sample with record --save, and pass the saved file with --symbols',
    };
  const own = isAbsolute(module) ? elfAt(module) : undefined;
  const candidates = directories.flatMap((directory) => debugFiles(directory, module, buildId));
  for (const path of candidates) {
    const file = usable(path, elfAt(path), buildId);
    if (file) return { file };
  }
  const isOwn = own?.buildId === buildId;
  if (isOwn && own.names) return { file: { path: module, base: own.base, knowsMore: own.dwarf } };
  if (debuginfod) {
    const path = await download(buildId);
    const file = path === undefined ? undefined : usable(path, elfAt(path), buildId);
    if (file) return { file };
  }
  if (isOwn && own.miniDebugInfo) {
    const unnamed = await unpackMiniDebugInfo(module, own.miniDebugInfo);
    if (typeof unnamed === 'string') return { reason: unnamed };
    const { base, exported } = own;
    const code = exported && reading(module, (readAt) => new ExportedCode(exported, readAt));
    return { file: { path: UNNAMED, unnamed, base, knowsMore: true, exported: code } };
  }
  return { reason: whyNone(own, isOwn, buildId) };
}

function isNamedFor(path: string, module: string): boolean {
  return basename(path, '.debug') === basename(module, '.debug');
}

function whyNone(own: ElfFile | undefined, isOwn: boolean, buildId: string): string {
  if (isOwn)
    return `it contains no function names, and no debug information with build-id ${buildId} was found`;
  if (!own) return `neither the file nor debug information with build-id ${buildId} was found`;
  return `the file is from another build (its build-id is ${own.buildId ?? 'absent'}, but ${buildId} was sampled)`;
}

function usable(path: string, elf: ElfFile | undefined, buildId: string): ModuleFile | undefined {
  return elf?.buildId === buildId && elf.names ? { path, base: elf.base, knowsMore: true } : undefined;
}

/** Returns the paths where distributions store debug information, followed by those of files copied there by hand. */
function debugFiles(directory: string, module: string, buildId: string): readonly string[] {
  const name = basename(module);
  const byId = join(buildId.slice(0, 2), `${buildId.slice(2)}.debug`);
  return [
    join(directory, '.build-id', byId),
    join(directory, byId),
    join(directory, `${name}.debug`),
    join(directory, name),
  ];
}

/** Reads the headers of a regular file. Returns `undefined` if the file does not exist or is not an ELF file. */
function elfAt(path: string): ElfFile | undefined {
  return reading(path, readElf);
}

/** Returns the result of `read` for a regular file; `undefined` if the file does not exist or cannot be read. */
function reading<T>(path: string, read: (readAt: ReadAt) => T): T | undefined {
  let descriptor: number;
  try {
    // these flags avoid waiting for a pipe's writer and acquiring a controlling terminal
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return undefined;
  }
  try {
    return fstatSync(descriptor).isFile()
      ? read((offset, length) => readAt(descriptor, offset, length))
      : undefined;
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

/** Downloads debug information and returns its path. A file in debuginfod-find's cache needs no server. */
async function download(buildId: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('debuginfod-find', ['debuginfo', buildId], {
      timeout: DOWNLOAD_MS,
    });
    return stdout.trim();
  } catch {
    return undefined;
  }
}
