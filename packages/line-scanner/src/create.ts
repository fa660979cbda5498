import { SCANNER_MODULE } from './generated/scanner.ts';
import { ReferenceScanner } from './reference.ts';
import type { LineScanner, ScannerOptions } from './scanner.ts';
import { WasmScanner } from './wasm.ts';

/**
 * Which scanner to use: WebAssembly, or plain JavaScript (`reference`), which behaves the same. `auto` uses WebAssembly
 * if it can run here, and plain JavaScript otherwise.
 */
export type ScannerChoice = 'auto' | 'wasm' | 'reference';

let compiled: WebAssembly.Module | undefined;

/**
 * Creates the chosen scanner. With `auto`, the plain scanner is used if WebAssembly is not available or cannot get
 * enough memory (for example because of `ulimit -v`).
 */
export function createScanner(options: ScannerOptions, choice: ScannerChoice = 'auto'): LineScanner {
  if (choice === 'reference') return new ReferenceScanner(options);
  try {
    compiled ??= new WebAssembly.Module(Uint8Array.from(atob(SCANNER_MODULE), (char) => char.charCodeAt(0)));
    return new WasmScanner(compiled, options);
  } catch (error) {
    if (choice === 'wasm') throw error;
    return new ReferenceScanner(options);
  }
}
