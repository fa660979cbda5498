// @ts-check
// Bundles page/ (the script and the style inside each picture) into one module of strings. The script makes up most of
// a small picture, so it is deflated, which halves its size even with the code that inflates it.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @param {string} entry @param {import('esbuild').BuildOptions} options */
async function bundle(entry, options = {}) {
  const result = await build({
    entryPoints: [`${root}/page/${entry}`],
    bundle: true,
    minify: true,
    write: false,
    charset: 'ascii',
    target: ['chrome109', 'firefox115', 'safari16'],
    ...options,
  });
  const text = result.outputFiles[0]?.text.trim() ?? '';
  // scripts and style become part of an XML file: the scripts as CDATA, the style as text
  if (text.includes(']]>')) throw new Error(`${entry} contains the end of a CDATA section`);
  return text;
}

/** Returns the hash of a string in the format used by content security policies. @param {string} text */
const hashOf = (text) => `sha256-${createHash('sha256').update(text).digest('base64')}`;

const main = await bundle('main.ts', { format: 'iife' });
const packed = deflateRawSync(main, { level: 9 }).toString('base64');
const script = await bundle('loader.ts', {
  format: 'iife',
  define: { PACKED_SCRIPT: JSON.stringify(packed) },
});
const style = await bundle('style.css');
if (/[<&]/.test(style)) throw new Error('style.css contains < or &');
mkdirSync(`${root}/src/generated`, { recursive: true });
writeFileSync(
  `${root}/src/generated/page.ts`,
  `// prettier-ignore
export const PAGE_SCRIPT: string = ${JSON.stringify(script)};
// prettier-ignore
export const PAGE_STYLE: string = ${JSON.stringify(style)};
export const PAGE_SCRIPT_HASHES: readonly string[] = ['${hashOf(script)}', '${hashOf(main)}'];
export const PAGE_STYLE_HASH: string = '${hashOf(style)}';
`,
);
