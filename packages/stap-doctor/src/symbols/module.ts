import type { ElfFile } from './elf.ts';

/** An executable or library, and the possible sources of names for its frames. */
export interface ModuleSymbols {
  /** The path as the target sees it, without ` (deleted)`. */
  readonly path: string;
  /** Whether the file has been replaced or removed since the target mapped it. */
  readonly deleted: boolean;
  /** `undefined` if the file cannot be read or is not ELF, or if no program that reads ELF files was found. */
  readonly elf: ElfFile | undefined;
  /** The number of functions that `.dynsym` defines. They are counted only if there is no `.symtab`. */
  readonly exports: number | undefined;
  readonly debugFile: DebugFile | undefined;
  readonly owner: PackageName | undefined;
}

/** A separate file with symbols. */
export interface DebugFile {
  readonly path: string;
  readonly elf: ElfFile | undefined;
}

/** The package that contains a file. */
export interface PackageName {
  /** The package's name, such as `libc6`. */
  readonly name: string;
  readonly version: string | undefined;
  /** Name, version, release and architecture, if rpm gave them: `glibc-2.12-1.192.el6.x86_64`. */
  readonly build: string | undefined;
  /** The symbol packages for this package that apt already knows. */
  readonly debugPackages: readonly string[];
}

/**
 * Which functions can be named: `all`; `exported` – only exported functions, so other functions get the name of the
 * nearest exported one; `none`; `unknown` – the file could not be examined.
 */
export type Naming = 'all' | 'exported' | 'none' | 'unknown';

/** Whether the separate file belongs to another build of the module, which makes it useless. */
export function isMismatched({ elf, debugFile }: ModuleSymbols): boolean {
  const theirs = debugFile?.elf?.buildId;
  return theirs !== undefined && elf?.buildId !== undefined && theirs !== elf.buildId;
}

/** Returns the separate file's contents, if the file fits the module. */
export function debugElf(module: ModuleSymbols): ElfFile | undefined {
  return isMismatched(module) ? undefined : module.debugFile?.elf;
}

export function namingOf(module: ModuleSymbols): Naming {
  const { elf, exports } = module;
  if (!elf) return 'unknown';
  if (elf.symbolTable || elf.debugData || debugElf(module)?.symbolTable) return 'all';
  return elf.dynamicSymbols && exports !== 0 ? 'exported' : 'none';
}

/** Returns the section used to unwind frames, or `undefined` if there is none. */
export function unwindingOf(module: ModuleSymbols): string | undefined {
  return module.elf?.unwindSection ?? debugElf(module)?.unwindSection;
}

/** Returns the path of the separate file for a build-id, relative to `/usr/lib/debug` or a similar directory. */
export function debugFileOf(buildId: string): string {
  return `.build-id/${buildId.slice(0, 2)}/${buildId.slice(2)}.debug`;
}
