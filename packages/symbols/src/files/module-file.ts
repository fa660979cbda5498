import { execFile } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import type { UnnamedFile } from '@stapflame/stacks/stream';
import { readElf, type ElfFile, type ReadAt } from './elf.ts';
import { ExportedCode } from './exported-code.ts';
import { unpackMiniDebugInfo } from './mini-debug-info.ts';
import { readAt } from './read-at.ts';

/** The file in which the functions of a module are looked up. */
export interface ModuleFile {
  readonly path: string;
  /** An unnamed file made for the module: {@link UNNAMED} in a process that has its descriptor as number 3. */
  readonly unnamed?: UnnamedFile;
  /** Address of the module's first byte. */
  readonly base: number;
  /** The file knows more than SystemTap did: the module is stripped, or this file has debug information. */
  readonly knowsMore: boolean;
  /**
   * Functions that the file leaves out, because the module itself has their names: mini debug information has only
   * functions that are not exported. A symboliser that does not see the others may return the preceding name.
   */
  readonly exported?: ExportedCode | undefined;
}

/** The path of an unnamed file, for a process that has it as descriptor 3. */
const UNNAMED = '/proc/self/fd/3';

/** The file, or the reason why there is no file. */
export type Located = { readonly file: ModuleFile } | { readonly reason: string };

/** Places to search for debug information files. */
export interface DebugSources {
  /** Files named by the user. Each is used for the module with its name even if the sampled build is not known. */
  readonly files: readonly string[];
  /** Directories to search, in this order. */
  readonly directories: readonly string[];
  /** Ask the servers in `DEBUGINFOD_URLS`, with `debuginfod-find`. */
  readonly debuginfod: boolean;
}

/** The server may have to send gigabytes. */
const DOWNLOAD_MS = 600_000;

/**
 * Finds the file with the names of a module's functions: separate debug information by build-id, or the module itself.
 * A file from another build is never used. If the module's build is not known, no file is used at all.
 *
 * @param module its path, as written in the trace
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
      reason: 'its build-id is not known: sample with record --save, and give that file with --symbols',
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
  if (isOwn) return `it has no names of its own, and there is no debug information of build-id ${buildId}`;
  if (!own) return `it is not here, nor is debug information of build-id ${buildId}`;
  return `the file here is from another build (build-id ${own.buildId ?? 'absent'}, but ${buildId} was sampled)`;
}

function usable(path: string, elf: ElfFile | undefined, buildId: string): ModuleFile | undefined {
  return elf?.buildId === buildId && elf.names ? { path, base: elf.base, knowsMore: true } : undefined;
}

/** The layout of distributions, then a layout for people who copy single files. */
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

/** The headers of a regular file; `undefined` if the file does not exist or is not an ELF file. */
function elfAt(path: string): ElfFile | undefined {
  return reading(path, readElf);
}

/** The result of reading a regular file; `undefined` if the file does not exist or cannot be read. */
function reading<T>(path: string, read: (readAt: ReadAt) => T): T | undefined {
  let descriptor: number;
  try {
    // do not wait for a pipe, and do not acquire a controlling terminal
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

/** Files in the cache of debuginfod-find are found without a server. */
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
