/** The demangler's synchronous core, which returns the given stacks with demangled names. */
export { Demangler } from './demangle/demangler.ts';
/** Compiles the WebAssembly demangler that the core needs. */
export { compileDemangler } from './demangle/wasm-module.ts';
/** A Transform that demangles names. */
export { createDemangler, type DemanglerStream } from './stream.ts';
/** The demangler's options, such as how much of a name to show. */
export type { DemanglerOptions, NameStyle } from './options.ts';
/** The error thrown by this package. */
export { SymbolsError, type SymbolsErrorCode } from './errors.ts';

/** Functions that read the output of `record --save` and locate the code of the sampled processes. */
export { isSavedFile, readSavedFile, type SavedProcess, type SavedSite } from './saved/saved-file.ts';
export { isPerfMap } from './saved/perf-map.ts';
export { isJitdump, perfMapOfJitdump } from './saved/jitdump.ts';
export { KnownCode, type CodeAt } from './saved/known-code.ts';
export type { ModulePlace } from './saved/process-maps.ts';
/** The lookup's core, which uses no files and returns the given stacks with more frames named. */
export { NameLookup, type LookupSummary } from './lookup/name-lookup.ts';
export type { LookupOptions } from './lookup/options.ts';
export type { CodePlace, FoundFunction, FoundFunctions, PlaceLookup } from './lookup/found.ts';
/** A lookup in files that uses an installed symboliser. */
export { FileLookup, type ModuleReport } from './files/file-lookup.ts';
export type { FileLookupOptions } from './files/file-options.ts';
/** Reads the headers of an ELF file. */
export { readElf, type ElfFile, type ExportedSymbols, type FilePart, type ReadAt } from './files/elf.ts';
/** Reads the exported functions and their sizes from a file that names no other functions. */
export { exportedFunctions } from './files/exported-functions.ts';
