// @ts-check
// Compares `diff --output-format folded` with difffolded.pl and inferno-diff-folded on inferno's test data:
//
//     node tools/goldens/compare-diff.mjs FLAMEGRAPH INFERNO
//
// FLAMEGRAPH and INFERNO are directories with copies of these projects, which this repository does not contain.
// inferno-diff-folded must be in PATH. Bundle the CLI first. Prints the lines that differ (`-` theirs, `+`
// ours) and the number of equal comparisons.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../packages/cli/bundle/bin/main.js', import.meta.url));
const OURS = ['diff', '-q', '--plain', '--output-format', 'folded', '--no-merge-clones', '--no-demangle'];
const [flameGraph, inferno] = process.argv.slice(2);
if (flameGraph === undefined || inferno === undefined)
  throw new Error('expected FLAMEGRAPH INFERNO, two directories');
const data = join(inferno, 'tests/data/diff-folded');

/** The two tools' flags, and our flags with the same meaning. */
const MODES = [
  { theirs: [], ours: ['--no-normalize'] },
  { theirs: ['-n'], ours: [] },
  { theirs: ['-s'], ours: ['--no-normalize', '--strip-hex'] },
  { theirs: ['-n', '-s'], ours: ['--strip-hex'] },
];
const PEERS = {
  'difffolded.pl': ['perl', join(flameGraph, 'difffolded.pl')],
  inferno: ['inferno-diff-folded'],
};

let equal = 0;
let all = 0;
for (const before of ['before.txt', 'before_fractionals.txt', 'bad_before.txt']) {
  const files = [join(data, before), join(data, 'after.txt')];
  for (const { theirs, ours } of MODES) {
    const written = linesOf([process.execPath, MAIN, ...OURS, ...ours, ...files]);
    for (const [name, words] of Object.entries(PEERS)) {
      const expected = linesOf([...words, ...theirs, ...files]);
      all++;
      const left = expected.filter((line) => !written.includes(line));
      const right = written.filter((line) => !expected.includes(line));
      if (left.length + right.length === 0) equal++;
      else console.log(`${before}, ${name} ${theirs.join(' ')}:`);
      for (const line of left) console.log(`- ${line}`);
      for (const line of right) console.log(`+ ${line}`);
    }
  }
}
console.log(`${equal} of ${all} equal`);

/**
 * @param {readonly string[]} words
 * @returns {readonly string[]}
 */
function linesOf([command, ...words]) {
  const { stdout, error } = spawnSync(/** @type {string} */ (command), words, { encoding: 'utf8' });
  if (error) throw error;
  return stdout.split('\n').filter((line) => line !== '');
}
