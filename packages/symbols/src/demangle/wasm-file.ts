import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/**
 * The bytes of the WebAssembly demangler, which are stored compressed beside `src` and `dist`
 * (scripts/demangler.mjs). The command line's bundle replaces this file with one that reads its own copy.
 */
export function readWasmFile(): Uint8Array {
  return gunzipSync(readFileSync(new URL('../../demangler/demangler.wasm.gz', import.meta.url)));
}
