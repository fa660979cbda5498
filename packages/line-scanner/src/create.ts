import { SCANNER_MODULE } from './generated/scanner.ts';
import { ReferenceScanner } from './reference.ts';
import type { LineScanner, ScannerOptions } from './scanner.ts';
import { WasmScanner } from './wasm.ts';

/** The WebAssembly scanner, the plain scanner with the same behaviour, or the first of the two that runs here. */
export type ScannerChoice = 'auto' | 'wasm' | 'reference';

let compiled: WebAssembly.Module | undefined;

/**
 * Makes the chosen scanner. `auto` means the WebAssembly scanner or, if WebAssembly does not run or gets no memory
 * (`ulimit -v`), the plain one.
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
