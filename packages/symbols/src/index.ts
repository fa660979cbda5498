/** The core, which knows no stream: stacks in, the same stacks under readable names out. */
export { Demangler } from './demangle/demangler.ts';
/** Compiles the demangler in WebAssembly, which the core needs, from the file in this package's dependencies. */
export { compileDemangler } from './demangle/wasm-module.ts';
/** A Transform over the core. */
export { createDemangler, type DemanglerStream } from './stream.ts';
/** How much of a name is shown. */
export type { DemanglerOptions, NameStyle } from './options.ts';
/** What naming fails with. */
export { SymbolsError, type SymbolsErrorCode } from './errors.ts';

/** What `record --save` wrote, and where the code of the sampled processes was. */
export { isSavedFile, readSavedFile, type SavedProcess, type SavedSite } from './saved/saved-file.ts';
export { isPerfMap } from './saved/perf-map.ts';
export { KnownCode, type CodeAt } from './saved/known-code.ts';
export type { ModulePlace } from './saved/process-maps.ts';
/** The core of the lookup, which knows no file: stacks in, the same stacks out with names that were found. */
export { NameLookup, type LookupSummary } from './lookup/name-lookup.ts';
export type { LookupOptions } from './lookup/options.ts';
export type { CodePlace, FoundFunction, FoundFunctions, PlaceLookup } from './lookup/found.ts';
/** Finds functions in files, by the symboliser that is installed. */
export { FileLookup, type ModuleReport } from './files/file-lookup.ts';
export type { FileLookupOptions } from './files/file-options.ts';
/** What of an ELF file tells it from all others. */
export { readElf, type ElfFile, type FilePart, type ReadAt } from './files/elf.ts';
