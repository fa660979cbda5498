// @ts-check
// npm test [-- ARGUMENTS FOR VITEST]: installs, builds, runs every test, and says how many were executed.
import { rmSync } from 'node:fs';
import { requireChromium } from './setup/chromium.mjs';
import { install, nx, ROOT, runs } from './setup/install.mjs';

const words = process.argv.slice(2);

install();
requireChromium();
nx('bundle', ['-p', 'stapflame']);
// removed, so that any report that exists afterwards is from this run
rmSync(`${ROOT}/test-results`, { recursive: true, force: true });
const passed = runs(process.execPath, [`${ROOT}/node_modules/vitest/vitest.mjs`, 'run', ...words]);
// with arguments, only some of the tests may have run
const counted = words.length > 0 || runs(process.execPath, [`${ROOT}/tools/count-tests.mjs`]);
process.exitCode = passed && counted ? 0 : 1;
