// @ts-check
// Adds up the reports that vitest wrote and prints `N passed, N failed`. Ends with 1 where a test failed,
// a project has no report, or no test ran. Only the laboratory of real SystemTap may be left out, where the
// machine cannot run it: that is said.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { ROOT } from './setup/install.mjs';

const packages = readdirSync(`${ROOT}/packages`).map((name) => `packages/${name}`);
const projects = [...packages, 'tools', 'tools/real-stap'].filter((project) =>
  existsSync(`${ROOT}/${project}/vitest.config.ts`),
);
let passed = 0;
let failed = 0;
let skipped = 0;
for (const project of projects) {
  const results = `${ROOT}/${project}/test-results`;
  if (existsSync(`${results}/not-run.txt`)) {
    console.log(`${project}: NOT RUN\n${readFileSync(`${results}/not-run.txt`, 'utf8')}`);
    skipped++;
    continue;
  }
  const file = `${results}/vitest.json`;
  if (!existsSync(file)) {
    console.log(`${project}: no report`);
    failed++;
    continue;
  }
  const report = JSON.parse(readFileSync(file, 'utf8'));
  console.log(`${project}: ${report.numPassedTests} of ${report.numTotalTests} tests`);
  passed += report.numPassedTests;
  // a suite that cannot be loaded has no test that failed
  failed += Math.max(report.numTotalTests - report.numPassedTests, report.success ? 0 : 1);
}
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
