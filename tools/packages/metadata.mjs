// @ts-check
// node ../../tools/packages/metadata.mjs [--write], in a package's directory: checks the package data that a registry
// shows, and with --write fills in the fields that follow from the repository's package.json.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { ROOT } from '../setup/install.mjs';

/** @typedef {Record<string, any>} Manifest */

/** Files that every published package must have. */
const FILES = ['README.md', 'CHANGELOG.md', 'LICENSE'];

/** @param {string} file @returns {Manifest} */
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

const directory = basename(process.cwd());
const root = read(`${ROOT}/package.json`);
const manifest = read('package.json');
const expected = expectedOf(directory);

if (process.argv.includes('--write')) {
  // added next to the fields that readers look for first
  const { name, version, description, keywords = [], ...rest } = manifest;
  const filled = { name, version, description, keywords, ...expected };
  for (const key of Object.keys(expected)) delete rest[key];
  writeFileSync('package.json', `${JSON.stringify({ ...filled, ...rest }, null, 2)}\n`);
} else {
  const faults = faultsOf(manifest);
  for (const fault of faults) console.error(`packages/${directory}: ${fault}`);
  process.exitCode = faults.length > 0 ? 1 : 0;
}

/**
 * Returns the fields that are the same in all packages, or follow from the package's directory.
 *
 * @param {string} name the name of the package's directory
 * @returns {Manifest}
 */
function expectedOf(name) {
  const path = `packages/${name}`;
  return {
    homepage: `${root.homepage}/tree/main/${path}#readme`,
    bugs: root.bugs,
    repository: { ...root.repository, directory: path },
    author: root.author,
    license: root.license,
    engines: root.engines,
  };
}

/**
 * @param {Manifest} given
 * @returns {string[]}
 */
function faultsOf(given) {
  const faults = Object.entries(expected)
    .filter(([key, value]) => JSON.stringify(given[key]) !== JSON.stringify(value))
    .map(
      ([key, value]) =>
        `package.json: expected "${key}" to be ${JSON.stringify(value)}, got ${JSON.stringify(given[key])}; run node ../../tools/packages/metadata.mjs --write here`,
    );
  if (!(given.description?.length >= 20))
    faults.push('package.json: expected a description of 20 letters or more');
  if (!(given.keywords?.length >= 3)) faults.push('package.json: expected at least three keywords');
  if (!/^\d+\.\d+\.\d+$/.test(given.version))
    faults.push(`package.json: expected a version, got ${given.version}`);
  // only a CI service can vouch for provenance, so the release workflow requests it
  if (given.publishConfig?.access !== 'public' || 'provenance' in given.publishConfig)
    faults.push('package.json: expected "publishConfig" to be { "access": "public" }');
  if (given.scripts?.install ?? given.scripts?.postinstall ?? given.scripts?.preinstall)
    faults.push('package.json: expected no script that runs when the package is installed');
  for (const file of FILES) if (!existsSync(file)) faults.push(`expected a file ${file}`);
  // npm itself adds the other two files
  if (!given.files?.includes('CHANGELOG.md'))
    faults.push('package.json: expected CHANGELOG.md among "files"');
  return faults;
}
