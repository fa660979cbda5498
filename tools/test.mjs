// @ts-check
// npm test: installs, builds, and runs every test.
import { requireChromium } from './setup/chromium.mjs';
import { install, nx } from './setup/install.mjs';

install();
requireChromium();
nx('test', process.argv.slice(2));
