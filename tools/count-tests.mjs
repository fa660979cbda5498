// @ts-check
// node tools/count-tests.mjs [DIRECTORY…]: adds up vitest's reports for the repository and for the named directories,
// and prints `N passed, N failed` at the end. Exits with 1 if a test failed, or if a project has no report of an
// executed test.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { ROOT } from './setup/install.mjs';

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {{ status: string, fullName: string }} Test
 * @typedef {{ name: string, status: string, message: string, assertionResults: Test[] }} TestFile
 */

const PROJECTS = [...readdirSync(`${ROOT}/packages`).map((name) => `packages/${name}`), 'tools'];

/** @type {Counts} */
const all = { passed: 0, failed: 0, skipped: 0 };
for (const project of PROJECTS) count(project, filesOf('.', project));
for (const directory of process.argv.slice(2)) {
  const reason = `${ROOT}/${directory}/test-results/not-run.txt`;
  if (existsSync(reason)) {
    all.skipped++;
    console.log(`${directory}: NOT RUN\n${readFileSync(reason, 'utf8')}`);
  } else count(directory, filesOf(directory, directory));
}
console.log(`${all.passed} passed, ${all.failed} failed${all.skipped > 0 ? `, ${all.skipped} skipped` : ''}`);
process.exitCode = all.failed > 0 || all.passed === 0 ? 1 : 0;

/**
 * Returns a project's test files in a directory's report.
 *
 * @param {string} directory
 * @param {string} project
 * @returns {TestFile[]}
 */
function filesOf(directory, project) {
  const report = `${ROOT}/${directory}/test-results/vitest.json`;
  if (!existsSync(report)) return [];
  /** @type {{ testResults: TestFile[] }} */
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  return testResults.filter(({ name }) => name.startsWith(`${ROOT}/${project}/`));
}

/**
 * @param {string} project
 * @param {TestFile[]} files
 */
function count(project, files) {
  /** @type {Counts} */
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, status, message, assertionResults } of files) {
    const failed = counts.failed;
    for (const test of assertionResults) {
      if (test.status === 'passed') counts.passed++;
      else if (test.status === 'failed') {
        counts.failed++;
        console.log(`failed: ${test.fullName}`);
      } else {
        counts.skipped++;
        console.log(`skipped: ${test.fullName}`);
      }
    }
    // a file that cannot be loaded or whose hooks fail has no failed test
    if (status === 'failed' && counts.failed === failed) {
      counts.failed++;
      console.log(`failed outside its tests: ${name}: ${message.slice(0, 2000)}`);
    }
  }
  if (counts.passed === 0) counts.failed = Math.max(counts.failed, 1);
  console.log(`${project}: ${counts.passed} passed, ${counts.failed} failed`);
  for (const kind of /** @type {const} */ (['passed', 'failed', 'skipped'])) all[kind] += counts[kind];
}
