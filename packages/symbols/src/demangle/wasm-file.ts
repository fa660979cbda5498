import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/**
 * Returns the bytes of the WebAssembly demangler, which scripts/demangler.mjs stores in compressed form next to `src`
 * and `dist`. In the CLI's bundle, this source file is replaced by one that reads the bundle's copy.
 */
export function readWasmFile(): Uint8Array {
  return gunzipSync(readFileSync(new URL('../../demangler/demangler.wasm.gz', import.meta.url)));
}
