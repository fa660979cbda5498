import { readFileSync } from 'node:fs';
import type { ScannerChoice } from '../options.ts';
import { ReferenceTokenizer } from './reference.ts';
import type { Tokenizer, TokenizerOptions } from './tokenizer.ts';
import { WasmTokenizer } from './wasm.ts';

/** The module stands beside `src` and `dist`. */
const MODULE = new URL('../../wasm/tokenizer.wasm', import.meta.url);

let compiled: WebAssembly.Module | undefined;

/**
 * Makes the tokenizer that was chosen. `auto` is the WebAssembly one; where WebAssembly does not run, or
 * gets no memory (`ulimit -v`), the plain one.
 */
export function loadTokenizer(choice: ScannerChoice): (options: TokenizerOptions) => Tokenizer {
  if (choice === 'reference') return (options) => new ReferenceTokenizer(options);
  return (options) => {
    try {
      compiled ??= new WebAssembly.Module(readFileSync(MODULE));
      return new WasmTokenizer(compiled, options);
    } catch (error) {
      if (choice === 'wasm') throw error;
      return new ReferenceTokenizer(options);
    }
  };
}
