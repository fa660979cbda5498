// @ts-check
// Bundles the command line with everything it needs into bundle/bin/: hundreds of small modules of its
// dependencies took 0.1 of the 0.26 s that a command needs to start, and who installs it gets one package.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const outdir = join(root, 'bundle/bin');
rmSync(outdir, { recursive: true, force: true });

const { metafile } = await build({
  entryPoints: ['main', 'index', 'fold-worker'].map((name) => join(root, `src/${name}.ts`)),
  // from the sources of all stages: the bundle needs no declarations, and tsc is most of a build
  conditions: ['@stapflame/source'],
  outdir,
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  metafile: true,
  loader: { '.wasm': 'file' },
  plugins: [{ name: 'wasm-file', setup: takeWasmFile }],
  // some dependencies are CommonJS and ask for modules of Node
  banner: {
    js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
  },
});

// what the doctor's findings lead to, for machines without a network
copyFileSync(join(root, '../../docs/troubleshooting.md'), join(root, 'bundle/troubleshooting.md'));

const texts = [...packagesOf(Object.keys(metafile.inputs))]
  .filter((directory) => directory.includes('node_modules'))
  .toSorted()
  .map(licenceOf);
writeFileSync(
  join(outdir, 'THIRD-PARTY-LICENSES.txt'),
  `The bundle in this directory holds code of the packages below.\n\n${texts.join('\n')}`,
);

// npm installs the manual beside the command
mkdirSync(join(root, 'man'), { recursive: true });
writeFileSync(
  join(root, 'man/stapflame.1'),
  execFileSync(process.execPath, [join(outdir, 'main.js'), 'man']),
);

/**
 * The demangler in WebAssembly lies beside the bundle; in the package it is found among the dependencies.
 *
 * @param {import('esbuild').PluginBuild} build
 */
function takeWasmFile({ onLoad }) {
  onLoad({ filter: /symbols\/src\/demangle\/wasm-file\.ts$/ }, ({ path }) => ({
    resolveDir: dirname(path),
    contents: `import { readFileSync } from 'node:fs';
      import file from 'gecko-profiler-demangle/index_bg.wasm';
      export const readWasmFile = () => readFileSync(new URL(file, import.meta.url));`,
  }));
}

/** @param {readonly string[]} files @returns {Set<string>} the directories of the packages they belong to */
function packagesOf(files) {
  const found = new Set();
  for (const file of files) {
    let directory = dirname(join(process.cwd(), file));
    while (!existsSync(join(directory, 'package.json')) || !nameOf(directory)) directory = dirname(directory);
    found.add(directory);
  }
  return found;
}

/** @param {string} directory @returns {string | undefined} */
function nameOf(directory) {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')).name;
}

/** @param {string} directory @returns {string} */
function licenceOf(directory) {
  const { name, version, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const file = readdirSync(directory).find((each) => /^licen[cs]e/i.test(each));
  if (!file) throw new Error(`${name} is bundled, but has no licence text to go with it`);
  const text = readFileSync(join(directory, file), 'utf8').trim();
  return `${name} ${version} (${license})\n\n${text}\n\n${'-'.repeat(80)}\n`;
}
