#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { PIECES } from './inputs.ts';

/** Not a dependency, but downloaded on request, because its binary needs glibc 2.38, which Debian 12 lacks. */
const JAZZER = '@jazzer.js/core@4.0.0';
const MAX_LENGTH = 2048;

const FIXTURES = fileURLToPath(new URL('../../../packages/cli/test/fixtures/', import.meta.url));
const guided = fileURLToPath(new URL('../guided/', import.meta.url));
const corpus = `${guided}corpus/`;
const dictionary = `${guided}dictionary`;
const target = `${guided}target.cjs`;

// Jazzer instruments only modules that `require` loads, so this file contains all stages
await build({
  entryPoints: [fileURLToPath(new URL('target.js', import.meta.url))],
  outfile: target,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  // a class of ours would hide the global of the same name
  minifyIdentifiers: true,
});
mkdirSync(corpus, { recursive: true });
for (const name of readdirSync(FIXTURES))
  writeFileSync(`${corpus}${name}`, readFileSync(`${FIXTURES}${name}/trace.txt`).subarray(0, MAX_LENGTH));
writeFileSync(dictionary, PIECES.map((piece) => `"${hexadecimal(piece)}"\n`).join(''));

const words = ['--yes', '--package', JAZZER, '--', 'jazzer', target, corpus, '--sync', '--'];
const { status } = spawnSync(
  'npx',
  [...words, `-max_len=${MAX_LENGTH}`, `-dict=${dictionary}`, ...process.argv.slice(2)],
  {
    cwd: guided,
    stdio: 'inherit',
  },
);
process.exitCode = status ?? 1;

/** Each byte in the syntax of libFuzzer's dictionaries. */
function hexadecimal(text: string): string {
  return Array.from(Buffer.from(text), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}
