import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { atEnd } from './cleanup.ts';

/**
 * The first existing path is used. Debian's headless shell is the same engine without windows, and uses a third of the
 * CPU time.
 */
const PATHS = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
/** Milliseconds to wait for a browser to start, far more than a busy machine needs. */
const PATIENCE = 300_000;

/** Starts this machine's Chromium and closes it at the end. `npm test` makes sure that Chromium is installed. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = [process.env['CHROMIUM'] ?? '', ...PATHS].find(
    (path) => path !== '' && existsSync(path),
  );
  if (executablePath === undefined) {
    throw new Error(
      'Chromium is not installed: run apt-get install chromium-headless-shell, or set CHROMIUM=/path/to/chromium',
    );
  }
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  const browser = await chromium.launch({ executablePath, args, timeout: PATIENCE });
  atEnd(() => browser.close());
  return browser;
}
