// @ts-check
// node command-server.mjs MODULE: runs command lines one after another in this process, as requested by messages.
// MODULE exports `run(words)`, which returns the exit code.
import { closeSync, openSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** @typedef {{ words: string[], cwd: string, env: Record<string, string>, files: [string, string, string] }} Job */

const { run } = await import(pathToFileURL(String(process.argv[2])).href);

process.on('message', async (/** @type {Job} */ { words, cwd, env, files }) => {
  for (const [descriptor, file] of files.entries()) reopen(descriptor, file);
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  const code = await run(words);
  // `run` adds these listeners once, and keeps them until its process ends
  process.stderr.removeAllListeners('error');
  process.removeAllListeners('SIGXFSZ');
  process.send?.(code);
});
process.send?.('ready');

/**
 * Replaces standard input, output or error with a file. This works because the system assigns the lowest free number.
 *
 * @param {number} descriptor
 * @param {string} file
 */
function reopen(descriptor, file) {
  closeSync(descriptor);
  const opened = openSync(file, descriptor === 0 ? 'r' : 'w');
  if (opened !== descriptor) throw new Error(`expected descriptor ${descriptor} for ${file}, got ${opened}`);
}
