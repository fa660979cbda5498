// @ts-check
// Bundles the command line and its dependencies into bundle/bin/, so that users install a single package. Without a
// bundle, loading hundreds of small modules takes 0.1 s of the 0.26 s that a command needs to start.
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
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const outdir = join(root, 'bundle/bin');
rmSync(outdir, { recursive: true, force: true });

const ENTRIES = ['main', 'index', 'fold-worker'];
/**
 * Modules that are loaded together go into one file, because finding and opening a file takes about half a
 * millisecond. Each file holds the modules in its list and the modules that they load, except those in an earlier
 * file. Rolldown decides how to split all other modules.
 */
const LOADED_TOGETHER = {
  start: ['cli/src/run.ts'],
  fold: [
    'cli/src/commands/fold.ts',
    'cli/src/inputs/stap.ts',
    'cli/src/symbols/demangler.ts',
    'folder/src/index.ts',
  ],
  flame: ['cli/src/commands/flame.ts', 'cli/src/outputs/picture.ts'],
};
/** This module can be loaded without any other, so it gets its own file. */
const ALONE = join(root, 'src/version.ts');

/**
 * Replacements for two Node modules. Importing `node:process` reads all of its exports, which creates the standard
 * streams and makes Node load its network modules. commander needs `node:child_process` only for subcommands that are
 * separate programs, and we have none.
 *
 * @type {Readonly<Record<string, string>>}
 */
const CHEAPER = {
  '\0process.cjs': 'module.exports = globalThis.process;',
  '\0no-programs.cjs': 'module.exports = {};',
};

/** @type {import('rolldown').OutputOptions} */
const output = {
  dir: outdir,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  // Smaller files load faster. Names are kept so that stack traces in bug reports stay readable.
  comments: false,
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
};
const bundle = await rolldown({
  cwd: root,
  input: Object.fromEntries(ENTRIES.map((name) => [name, join(root, `src/${name}.ts`)])),
  platform: 'node',
  // Bundle all stages from their TypeScript sources. Running tsc first would take most of the build time.
  resolve: { conditionNames: ['@stapflame/source', 'node', 'import', 'default'] },
  preserveEntrySignatures: 'allow-extension',
  checks: { ineffectiveDynamicImport: false },
  plugins: [
    { name: 'files-beside', load: loadFileBeside },
    { name: 'cheaper-node', resolveId: cheaperNode, load: (id) => CHEAPER[id] },
  ],
});
const groups = groupsOf((await bundle.generate(output)).output);
const written = await bundle.write({
  ...output,
  plugins: [{ name: 'no-facades', generateBundle: withoutFacades }],
  codeSplitting: {
    // The groups of modules already include their dependencies. Adding the dependencies again would also add the
    // stages' unused exports.
    includeDependenciesRecursively: false,
    groups: [{ debugName: 'loaded together', name: (module) => groups.get(module) ?? null }],
  },
});
await bundle.close();
copyFileSync(
  createRequire(import.meta.url).resolve('gecko-profiler-demangle/index_bg.wasm'),
  join(outdir, 'demangler.wasm'),
);

// The page that the doctor's findings link to, for machines without network access.
copyFileSync(join(root, '../../docs/troubleshooting.md'), join(root, 'bundle/troubleshooting.md'));

const modules = written.output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
// The demangler is a separate file next to the bundle, so Rolldown does not list it.
const texts = [...packagesOf([...modules, createRequire(import.meta.url).resolve('gecko-profiler-demangle')])]
  .filter((directory) => directory.includes('node_modules'))
  .toSorted()
  .map(licenceOf);
writeFileSync(
  join(outdir, 'THIRD-PARTY-LICENSES.txt'),
  `The bundle in this directory contains code from the packages below.\n\n${texts.join('\n')}`,
);

// npm installs the manual page together with the command.
mkdirSync(join(root, 'man'), { recursive: true });
writeFileSync(
  join(root, 'man/stapflame.1'),
  execFileSync(process.execPath, [join(outdir, 'main.js'), 'man']),
);

/**
 * Replaces modules that read one of the package's files, because the bundle is in a different directory and needs
 * different paths. (Asking Node where the package `stapflame` is installed would take 2 ms.)
 *
 * @param {string} id
 * @returns {string | undefined}
 */
function loadFileBeside(id) {
  if (id.endsWith('symbols/src/demangle/wasm-file.ts'))
    return `import { readFileSync } from 'node:fs';
      export const readWasmFile = () => readFileSync(new URL('demangler.wasm', import.meta.url));`;
  if (id === ALONE)
    return `import { readFileSync } from 'node:fs';
      export const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));`;
  return undefined;
}

/**
 * @param {string} wanted
 * @param {string | undefined} from
 * @returns {string | undefined}
 */
function cheaperNode(wanted, from) {
  if (wanted === 'node:process') return '\0process.cjs';
  if (wanted === 'node:child_process' && from?.includes('/commander/')) return '\0no-programs.cjs';
  return undefined;
}

/**
 * If a dynamically imported module shares its file with other modules, Rolldown writes another file that only
 * re-exports this module. This function removes such files and makes their importers load the original file.
 *
 * @param {import('rolldown').OutputOptions} _
 * @param {import('rolldown').OutputBundle} files
 */
function withoutFacades(_, files) {
  for (const [name, file] of Object.entries(files)) {
    const [, list, target] =
      /^export\{([\w$ ,]+)\}from"(\.\/[^"]+)";\n?$/.exec(file.type === 'chunk' ? file.code : '') ?? [];
    if (list === undefined || (file.type === 'chunk' && file.isEntry)) continue;
    const names = list.split(',').map((each) => each.split(' as '));
    const taken = names.map(([own, other = own]) => `${own}:${other}`).join();
    const given = names.map(([own, other = own]) => other).join();
    for (const other of Object.values(files))
      if (other.type === 'chunk')
        other.code = other.code.replaceAll(
          `import(\`./${name}\`)`,
          `import(\`${target}\`).then(({${taken}})=>({${given}}))`,
        );
    delete files[name];
  }
}

/**
 * Maps each module of the groups in `LOADED_TOGETHER` to its group's name. The files come from a bundle that is split
 * as finely as possible.
 *
 * @param {readonly (import('rolldown').OutputChunk | import('rolldown').OutputAsset)[]} files
 * @returns {Map<string, string>}
 */
function groupsOf(files) {
  const chunks = new Map(files.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file]] : [])));
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const [name, ends] of Object.entries(LOADED_TOGETHER)) {
    const seen = new Set();
    const waiting = [...chunks.values()].filter(({ facadeModuleId }) =>
      ends.some((end) => facadeModuleId?.endsWith(`packages/${end}`)),
    );
    for (let chunk = waiting.pop(); chunk; chunk = waiting.pop()) {
      if (seen.has(chunk)) continue;
      seen.add(chunk);
      for (const module of chunk.moduleIds)
        if (!found.has(module) && module !== ALONE) found.set(module, name);
      for (const file of chunk.imports) waiting.push(...(chunks.has(file) ? [chunks.get(file)] : []));
    }
  }
  return found;
}

/** @param {readonly string[]} files @returns {Set<string>} the directories of the packages that the files belong to */
function packagesOf(files) {
  const found = new Set();
  for (const file of files) {
    if (!existsSync(file)) continue; // a virtual module of Rolldown
    let directory = dirname(file);
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
  if (!file) throw new Error(`${name} is bundled but does not include its licence text`);
  const text = readFileSync(join(directory, file), 'utf8').trim();
  return `${name} ${version} (${license})\n\n${text}\n\n${'-'.repeat(80)}\n`;
}
