import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The Chromium of this machine; `npm test` has made sure that there is one. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = [process.env['CHROMIUM'] ?? '', ...PATHS].find(
    (path) => path !== '' && existsSync(path),
  );
  if (executablePath === undefined) {
    throw new Error('there is no Chromium: apt-get install chromium, or CHROMIUM=/path/to/chromium');
  }
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  return chromium.launch({ executablePath, args });
}
