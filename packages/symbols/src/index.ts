/** The core of demangling, without streams: stacks in, the same stacks with readable names out. */
export { Demangler } from './demangle/demangler.ts';
/** Compiles the WebAssembly demangler that the core needs. */
export { compileDemangler } from './demangle/wasm-module.ts';
/** A Transform around the core. */
export { createDemangler, type DemanglerStream } from './stream.ts';
/** How much of a name to show. */
export type { DemanglerOptions, NameStyle } from './options.ts';
/** The error that all of them throw. */
export { SymbolsError, type SymbolsErrorCode } from './errors.ts';

/** Reads the output of `record --save`, and locates the code of the sampled processes. */
export { isSavedFile, readSavedFile, type SavedProcess, type SavedSite } from './saved/saved-file.ts';
export { isPerfMap } from './saved/perf-map.ts';
export { isJitdump, perfMapOfJitdump } from './saved/jitdump.ts';
export { KnownCode, type CodeAt } from './saved/known-code.ts';
export type { ModulePlace } from './saved/process-maps.ts';
/** The core of the lookup, without files: stacks in, the same stacks with more names out. */
export { NameLookup, type LookupSummary } from './lookup/name-lookup.ts';
export type { LookupOptions } from './lookup/options.ts';
export type { CodePlace, FoundFunction, FoundFunctions, PlaceLookup } from './lookup/found.ts';
/** Finds functions in files with an installed symboliser. */
export { FileLookup, type ModuleReport } from './files/file-lookup.ts';
export type { FileLookupOptions } from './files/file-options.ts';
/** Reads the headers of an ELF file. */
export { readElf, type ElfFile, type ExportedSymbols, type FilePart, type ReadAt } from './files/elf.ts';
/** Reads the sizes of a file's exported functions, if it names no other functions. */
export { exportedFunctions } from './files/exported-functions.ts';
