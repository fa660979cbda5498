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
