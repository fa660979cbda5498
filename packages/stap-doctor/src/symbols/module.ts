import type { ElfFile } from './elf.ts';

/** An executable or library, with the sources of names for its frames. */
export interface ModuleSymbols {
  /** As the target sees it, without ` (deleted)`. */
  readonly path: string;
  /** The file was replaced or removed since it was mapped. */
  readonly deleted: boolean;
  /** `undefined` if the file cannot be read, is not ELF, or no program was found to read it with. */
  readonly elf: ElfFile | undefined;
  /** The number of functions that `.dynsym` defines; only counted if there is no `.symtab`. */
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
  /** Such as `libc6`. */
  readonly name: string;
  readonly version: string | undefined;
  /** Name, version, release and architecture, if rpm gave them: `glibc-2.12-1.192.el6.x86_64`. */
  readonly build: string | undefined;
  /** Its symbol packages that apt already knows. */
  readonly debugPackages: readonly string[];
}

/**
 * How well functions can be named: `all`; `exported` – the names may be just the nearest exported symbol; `none`;
 * `unknown` – the file could not be examined.
 */
export type Naming = 'all' | 'exported' | 'none' | 'unknown';

/** A separate file that belongs to another build of the module: nothing in it fits. */
export function isMismatched({ elf, debugFile }: ModuleSymbols): boolean {
  const theirs = debugFile?.elf?.buildId;
  return theirs !== undefined && elf?.buildId !== undefined && theirs !== elf.buildId;
}

/** The separate file, if it fits. */
export function debugElf(module: ModuleSymbols): ElfFile | undefined {
  return isMismatched(module) ? undefined : module.debugFile?.elf;
}

export function namingOf(module: ModuleSymbols): Naming {
  const { elf, exports } = module;
  if (!elf) return 'unknown';
  if (elf.symbolTable || elf.debugData || debugElf(module)?.symbolTable) return 'all';
  return elf.dynamicSymbols && exports !== 0 ? 'exported' : 'none';
}

/** The section that frames are unwound with; `undefined` if there is no such section. */
export function unwindingOf(module: ModuleSymbols): string | undefined {
  return module.elf?.unwindSection ?? debugElf(module)?.unwindSection;
}

/**
 * The path at which distributions and builds put a build's separate file, below `/usr/lib/debug` or a similar
 * directory.
 */
export function debugFileOf(buildId: string): string {
  return `.build-id/${buildId.slice(0, 2)}/${buildId.slice(2)}.debug`;
}
