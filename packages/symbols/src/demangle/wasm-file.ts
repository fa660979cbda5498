import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/**
 * The bytes of the demangler in WebAssembly. The package's own entry imports them as a module, which Node 20 cannot.
 * The command line's bundle replaces this file by one that reads its own copy.
 */
export function readWasmFile(): Uint8Array {
  return readFileSync(createRequire(import.meta.url).resolve('gecko-profiler-demangle/index_bg.wasm'));
}
