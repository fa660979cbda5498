// @ts-check
// npm start [-- TRACE]: installs, builds, and turns a trace into flame.svg.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { installToBuild, nx, ROOT } from './setup/install.mjs';

const given = process.argv[2];
const trace =
  given === undefined ? `${ROOT}/examples/burn/trace.txt` : resolve(process.env['INIT_CWD'] ?? '.', given);
const picture = `${ROOT}/flame.svg`;

installToBuild();
nx('bundle', ['-p', 'stapflame']);

const words = [
  `${ROOT}/packages/cli/bundle/bin/main.js`,
  'flame',
  trace,
  '-o',
  picture,
  '--title',
  given ?? 'burn: an example',
];
const { status } = spawnSync(process.execPath, words, { stdio: 'inherit' });
// 75 means that a picture was drawn and says what is missing
if (status !== 0 && status !== 75) process.exit(status ?? 1);
console.log(`
The flame graph is in ${picture}: open it in a browser.

  Each box is a function; the boxes below it are its callers, down to the complete program at the bottom.
  The wider a box, the larger its share of the samples. The x-axis is not time, and colours have no meaning.
  Look for wide boxes at the top, because they use the CPU. Point at a box to see its name and numbers.${
    given === undefined ? '\n\nTo draw your own trace: npm start -- TRACE' : ''
  }`);
process.exitCode = status ?? 1;
