// @ts-check
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The repository's directory. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/**
 * Runs a program in the repository, and returns whether it succeeded.
 *
 * @param {string} program
 * @param {string[]} words
 * @returns {boolean}
 */
export function runs(program, words) {
  return statusOf(program, words) === 0;
}

/**
 * Runs a program in the repository, and ends this process with its exit code if it fails.
 *
 * @param {string} program
 * @param {string[]} words
 */
function run(program, words) {
  const status = statusOf(program, words);
  if (status !== 0) process.exit(status);
}

/**
 * @param {string} program
 * @param {string[]} words
 * @returns {number}
 */
function statusOf(program, words) {
  // starting a process for each Nx plugin would cost two seconds of CPU time in every run
  const env = { ...process.env, NX_INTERACTIVE: 'false', NX_TUI: 'false', NX_ISOLATE_PLUGINS: 'false' };
  const { status, error } = spawnSync(program, words, { cwd: ROOT, stdio: 'inherit', env });
  if (error) console.error(`cannot run ${program}: ${error.message}`);
  return status ?? 1;
}

/**
 * Installs the dependencies of the repository, or of a package outside its workspaces, unless the dependencies in
 * exactly this lockfile are already installed.
 *
 * @param {string} directory
 */
export function install(directory = ROOT) {
  installUnless(directory, [''], []);
}

/** Installs the dependencies needed for building (about half of all), unless they are already installed. */
export function installToBuild() {
  installUnless(ROOT, ['', ' without dev'], ['--omit=dev']);
}

/**
 * @param {string} directory
 * @param {string[]} enough suffixes in the stamps of sufficient installations; the last one marks the new installation
 * @param {string[]} words
 */
function installUnless(directory, enough, words) {
  const lock = createHash('sha256')
    .update(readFileSync(`${directory}/package-lock.json`))
    .digest('hex');
  const stamp = `${directory}/node_modules/.stapflame-lock`;
  const installed = existsSync(stamp) && readFileSync(stamp, 'utf8');
  if (enough.some((ending) => installed === lock + ending)) return;
  console.error('Installing the dependencies (once) …');
  // no dependency needs its install script
  const usual = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  run('npm', ['ci', '--prefix', directory, ...usual, ...words]);
  writeFileSync(stamp, lock + enough.at(-1));
}

/**
 * Runs an Nx target in all projects, or in those named by the arguments.
 *
 * @param {string} target
 * @param {string[]} words further arguments for Nx
 */
export function nx(target, words = []) {
  run(process.execPath, [
    `${ROOT}/node_modules/nx/dist/bin/nx.js`,
    'run-many',
    '-t',
    target,
    '--output-style=stream',
    ...words,
  ]);
}
