// @ts-check
// Compresses the demangler of gecko-profiler-demangle into demangler/demangler.wasm.gz, and copies its licences next to
// it. The uncompressed file in that package is 523 KB, which was half the size of an installed @stapflame/symbols.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, gzipSync } from 'node:zlib';

const target = fileURLToPath(new URL('../demangler', import.meta.url));
const wasm = createRequire(import.meta.url).resolve('gecko-profiler-demangle/index_bg.wasm');

mkdirSync(target, { recursive: true });
writeFileSync(
  join(target, 'demangler.wasm.gz'),
  gzipSync(readFileSync(wasm), { level: constants.Z_BEST_COMPRESSION }),
);
for (const licence of ['LICENSE-APACHE', 'LICENSE-MIT'])
  copyFileSync(join(dirname(wasm), licence), join(target, licence));
