// @ts-check
// npm run release:local: publishes the repository's committed state to a registry on this machine, as a
// maintainer would publish a release, then installs stapflame from that registry in an empty home directory and draws a
// picture. It works in a clone, uploads nothing, and changes nothing in the repository.
import { execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ROOT } from '../setup/install.mjs';

const work = mkdtempSync(join(tmpdir(), 'stapflame-release-'));
/** @param {string} name @returns {string} an empty directory */
function directory(name) {
  const path = join(work, name);
  mkdirSync(path, { recursive: true });
  return path;
}

/**
 * @param {string} cwd
 * @param {string} program
 * @param {string[]} words
 * @param {NodeJS.ProcessEnv} env
 */
function run(cwd, program, words, env = process.env) {
  console.log(`$ ${program} ${words.join(' ')}`);
  return execFileSync(program, words, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

/** @returns {Promise<number>} an unused port */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts verdaccio, which downloads all other packages from the registry that npm is configured to use. */
async function startRegistry() {
  const home = directory('registry');
  const upstream = run(home, 'npm', ['config', 'get', 'registry']).trim();
  // verdaccio requests node-fetch by a tag, which some registry mirrors do not have
  writeFileSync(join(home, 'package.json'), '{ "private": true, "overrides": { "node-fetch": "2.6.7" } }');
  run(home, 'npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', 'verdaccio@6']);
  const port = await freePort();
  writeFileSync(
    join(home, 'config.yaml'),
    `storage: ./storage
uplinks: { others: { url: ${JSON.stringify(upstream)}, timeout: 60s } }
packages:
  'stapflame': { access: $all, publish: $all }
  '@stapflame/*': { access: $all, publish: $all }
  '**': { access: $all, proxy: others }
log: { type: stdout, format: json, level: warn }
`,
  );
  const words = [
    'node_modules/verdaccio/bin/verdaccio',
    '--config',
    'config.yaml',
    '--listen',
    `127.0.0.1:${port}`,
  ];
  const child = spawn(process.execPath, words, { cwd: home, stdio: ['ignore', 'ignore', 'inherit'] });
  const url = `http://127.0.0.1:${port}/`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`verdaccio ended with ${child.exitCode}`);
    if (
      await fetch(`${url}-/ping`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      break;
    await pause(100);
  }
  return { url, stop: () => child.kill() };
}

/** Clones the repository, with the dependencies and build results in this directory. */
function clone() {
  const path = join(work, 'clone');
  run(work, 'git', ['clone', '--quiet', '--no-tags', ROOT, path]);
  const packages = readdirSync(`${ROOT}/packages`).map((name) => `packages/${name}/node_modules`);
  for (const modules of ['node_modules', 'tools/node_modules', ...packages]) {
    if (existsSync(`${ROOT}/${modules}`)) run(path, 'cp', ['-al', `${ROOT}/${modules}`, join(path, modules)]);
  }
  for (const [key, value] of [
    ['user.name', 'Release'],
    ['user.email', 'release@localhost'],
  ])
    run(path, 'git', ['config', key ?? '', value ?? '']);
  return path;
}

const registry = await startRegistry();
try {
  const home = directory('home');
  writeFileSync(
    join(home, '.npmrc'),
    `registry=${registry.url}\n${registry.url.replace('http:', '')}:_authToken=local\n`,
  );
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    NX_INTERACTIVE: 'false',
    NX_TUI: 'false',
    NX_CACHE_DIRECTORY: `${ROOT}/.nx/cache`,
  };
  const path = clone();
  run(path, 'npx', ['nx', 'release', '--yes'], env);
  const tags = run(path, 'git', ['tag']).trim().split('\n');
  console.log(`${tags.length} releases: ${tags.join(' ')}`);

  const project = directory('project');
  const names = tags.map((tag) => tag.slice(0, tag.lastIndexOf('@')));
  writeFileSync(join(project, 'package.json'), '{ "private": true }');
  run(project, 'npm', ['install', '--no-audit', '--no-fund', ...names], env);
  cpSync(`${ROOT}/examples/burn/trace.txt`, join(project, 'trace.txt'));
  // npx searches parent directories for a project, and there may be one in the temporary directory
  const elsewhere = directory('elsewhere');
  writeFileSync(join(elsewhere, 'package.json'), '{ "private": true }');
  const version = run(elsewhere, 'npx', ['--yes', 'stapflame', '--version'], env).trim();
  const { version: published } = JSON.parse(readFileSync(join(path, 'packages/cli/package.json'), 'utf8'));
  if (version !== published)
    throw new Error(`npx stapflame has version ${version}, but ${published} was published`);

  const began = performance.now();
  const prefix = directory('global');
  run(
    project,
    'npm',
    ['install', '--global', '--prefix', prefix, '--no-audit', '--no-fund', 'stapflame'],
    env,
  );
  run(project, join(prefix, 'bin/stapflame'), ['flame', '-q', 'trace.txt', '-o', 'flame.svg'], env);
  if (!existsSync(join(project, 'flame.svg'))) throw new Error('no picture was drawn');
  if (!existsSync(join(prefix, 'share/man/man1/stapflame.1')))
    throw new Error('the manual page was not installed');
  console.log(
    `stapflame ${version}: installed, and the first picture drawn, in ${((performance.now() - began) / 1000).toFixed(1)} s`,
  );
} finally {
  registry.stop();
  rmSync(work, { recursive: true, force: true });
}
