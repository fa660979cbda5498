// @ts-check
// npm run test:stap [-- --distribution bookworm|trixie|testing|all]: installs, builds, and checks everything
// that only a real SystemTap can show, with that Debian release's SystemTap and kernel. With --table, it instead
// samples programs with known shares and waits in each mode, ten times, and prints a table. With --compile, it only
// measures how long the modules in that table take to compile. With --commands, it runs record and flame in each mode
// inside the machine, as the README shows them. With --targets, it samples real programs, each with perf first. With
// --processors 2, the table is measured in real time, for modes that keep in step with the program on one processor.
// Exits with 97, and says why, if this machine cannot run the tests.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { install, nx, ROOT } from './setup/install.mjs';

const CANNOT = 97;
const results = `${ROOT}/tools/real-stap/test-results`;

const DISTRIBUTIONS = ['bookworm', 'trixie', 'testing'];
const { values, positionals } = parseArgs({
  options: {
    distribution: { type: 'string', default: 'bookworm' },
    table: { type: 'boolean', default: false },
    compile: { type: 'boolean', default: false },
    commands: { type: 'boolean', default: false },
    targets: { type: 'boolean', default: false },
    processors: { type: 'string', default: '1' },
  },
  allowPositionals: true,
});
const chosen = values.distribution === 'all' ? DISTRIBUTIONS : [values.distribution];
if (!chosen.every((name) => DISTRIBUTIONS.includes(name))) {
  console.error(
    `--distribution: expected one of ${DISTRIBUTIONS.join(', ')} and all, got ${values.distribution}`,
  );
  process.exit(64);
}

rmSync(results, { recursive: true, force: true });
install();
for (const distribution of chosen) {
  process.env['STAPFLAME_DISTRIBUTION'] = distribution;
  const { status, stderr } = spawnSync('bash', [`${ROOT}/tools/real-stap/machine/prepare.sh`], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  process.stderr.write(stderr);
  if (status === CANNOT) {
    mkdirSync(results, { recursive: true });
    writeFileSync(`${results}/not-run.txt`, stderr);
  }
  if (status !== 0) process.exit(status ?? 1);
  const measured = ['table', 'compile', 'commands', 'targets'].filter((name) => values[name] === true);
  if (measured.length === 0) nx('test-stap', ['-p', 'real-stap', ...positionals]);
  else nx('bundle', ['-p', 'stapflame']);
  for (const name of measured) measure(name);
}

/**
 * Runs one file of measures for this distribution. It fails only if a trace is incomplete, whatever the figures are.
 *
 * @param {string} name
 */
function measure(name) {
  const directory = `${ROOT}/tools/real-stap`;
  const config = `${directory}/measures/vitest.config.ts`;
  const words = [`${ROOT}/node_modules/vitest/vitest.mjs`, 'run', '--config', config, name];
  const { status } = spawnSync(process.execPath, words, {
    cwd: directory,
    stdio: 'inherit',
    env: { ...process.env, STAPFLAME_PROCESSORS: values.processors },
  });
  if (status !== 0) process.exit(status ?? 1);
}
