// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

// testing/chromium.ts also takes the first of them
const PACKAGE = 'chromium-headless-shell';
const PATHS = [
  `/usr/bin/${PACKAGE}`,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Makes sure that there is a Chromium for testing the pictures; if it cannot, it says how to get one. */
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
    `The tests look at pictures in Chromium, and there is none. Install it (Debian: sudo apt-get install ${PACKAGE}), or name it in CHROMIUM=/path/to/chromium, and run npm test again.`,
  );
  process.exit(1);
}

/** @returns {string | undefined} */
function findChromium() {
  return [process.env['CHROMIUM'] ?? '', ...PATHS].find((path) => path !== '' && existsSync(path));
}
