// @ts-check
// Compiles the WebAssembly scanner in assembly/, and writes a module that exports it as a base64 string.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));
/** @type {Uint8Array | undefined} */
let binary;
const { error, stderr } = await asc.main(
  [
    'assembly/index.ts',
    '--baseDir',
    root,
    '--outFile',
    'scanner.wasm',
    '-O3',
    '--runtime',
    'stub',
    '--enable',
    'simd',
    '--enable',
    'bulk-memory',
    '--noAssert',
    '--use',
    'abort=',
  ],
  {
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') binary = contents;
    },
  },
);
if (error || !binary) throw new Error(`cannot compile assembly/:\n${stderr.toString()}`);
mkdirSync(`${root}/src/generated`, { recursive: true });
writeFileSync(
  `${root}/src/generated/scanner.ts`,
  `/** WebAssembly, base64. */\nexport const SCANNER_MODULE: string =\n  '${Buffer.from(binary).toString('base64')}';\n`,
);
