// @ts-check
// npm run test:stap: installs, builds, and checks everything that only real SystemTap can show. Ends with 97,
// and says why, where this machine cannot run it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { install, nx, ROOT } from './setup/install.mjs';

const CANNOT = 97;
const results = `${ROOT}/tools/real-stap/test-results`;

rmSync(results, { recursive: true, force: true });
install();
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
nx('test-stap', ['-p', 'real-stap', ...process.argv.slice(2)]);
