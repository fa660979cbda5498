// @ts-check
// Compares the speed of our picture and inferno's in headless Chromium:
//   node tools/bench-svg/compare.mjs [--dir DIRECTORY] [--rounds 7] [--inferno inferno-flamegraph] [--before MAIN.JS]
// Generates the input, draws it (33,000 boxes with both programs, and 255,000 with ours alone) and runs browser.mjs.
// --before names another commit's bundle (packages/cli/bundle/bin/main.js), whose picture is measured in the same
// rounds. Build first.
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    dir: { type: 'string', default: join(tmpdir(), 'bench-svg') },
    rounds: { type: 'string', default: '7' },
    inferno: { type: 'string', default: join(homedir(), '.cargo/bin/inferno-flamegraph') },
    before: { type: 'string' },
  },
});
const here = (/** @type {string} */ file) => fileURLToPath(new URL(file, import.meta.url));
const file = (/** @type {string} */ name) => join(values.dir, name);
const OURS = here('../../packages/cli/bundle/bin/main.js');

mkdirSync(values.dir, { recursive: true });
for (const kind of ['server', 'wide']) {
  if (existsSync(file(`${kind}.folded`))) continue;
  execFileSync(process.execPath, [here('generate.mjs'), kind, file(`${kind}.folded`)]);
}
draw(process.execPath, [OURS, 'render', '-q', file('server.folded')], 'ours.svg');
draw(process.execPath, [OURS, 'render', '-q', '--minwidth', '0', file('wide.folded')], 'wide.svg');
// by default, inferno leaves out boxes narrower than 0.01 % and so draws only half as many; this value is 0.1 px of the
// 1,180 px that it draws in
draw(values.inferno, ['--minwidth', '0.00848', file('server.folded')], 'inferno.svg');
if (values.before !== undefined)
  draw(process.execPath, [values.before, 'render', '-q', file('server.folded')], 'before.svg');
const before = values.before === undefined ? [] : [`before=${file('before.svg')}`];
time('30,000 boxes', `ours=${file('ours.svg')}`, `inferno=${file('inferno.svg')}`, ...before);
time('255,000 boxes', `ours=${file('wide.svg')}`);

/** @param {string} program @param {string[]} words @param {string} output */
function draw(program, words, output) {
  const to = openSync(file(output), 'w');
  execFileSync(program, words, { stdio: ['ignore', to, 'inherit'] });
  closeSync(to);
}

/** @param {string} title @param {string[]} pictures */
function time(title, ...pictures) {
  console.log(`\n${title}, median of ${values.rounds}`);
  execFileSync(process.execPath, [here('browser.mjs'), values.rounds, ...pictures], { stdio: 'inherit' });
}
