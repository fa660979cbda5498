// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

// testing/chromium.ts also uses the first existing path
const PACKAGE = 'chromium-headless-shell';
const PATHS = [
  `/usr/bin/${PACKAGE}`,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Installs Chromium, in which tests open pictures, if it is missing. If that fails, says how to install it. */
export function requireChromium() {
  if (findChromium()) return;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.error('Installing Chromium for the tests (once) …');
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit' });
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const words = ['install', '-y', '-qq', '--no-install-recommends', PACKAGE];
    spawnSync('apt-get', words, { stdio: ['ignore', 'ignore', 'inherit'], env });
    if (findChromium()) return;
  }
  console.error(
    `The tests open pictures in Chromium, which was not found. Install it (Debian: sudo apt-get install ${PACKAGE}), or set CHROMIUM=/path/to/chromium, and run npm test again.`,
  );
  process.exit(1);
}

/** @returns {string | undefined} */
function findChromium() {
  return [process.env['CHROMIUM'] ?? '', ...PATHS].find((path) => path !== '' && existsSync(path));
}
