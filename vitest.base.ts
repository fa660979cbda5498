import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** All properties of a run take their cases from one seed, so that a run can be repeated. */
const seed = (process.env['STAPFLAME_SEED'] ||= String(randomInt(2 ** 31)));
/** More cases than the usual 100 take more time. */
const patience = Math.max(1, Number(process.env['STAPFLAME_CASES'] || 100) / 100);
const testing = (file: string): string => fileURLToPath(new URL(`testing/${file}`, import.meta.url));

/** Tells what repeats a run that failed. */
const repeat = {
  onTestRunEnd(_: unknown, errors: readonly unknown[], reason: string): void {
    if (reason === 'failed' || errors.length > 0)
      console.log(`The properties had this seed: STAPFLAME_SEED=${seed} repeats them.\n`);
  },
};

/**
 * What every package's tests share: live sources of siblings, one seed, an end to what they start, and a report
 * whose tests are counted. The limits on time are for tests that hang: no test is to depend on them.
 */
const config: ViteUserConfig = defineConfig({
  resolve: { conditions: ['@stapflame/source'] },
  ssr: { resolve: { conditions: ['@stapflame/source'] } },
  test: {
    include: ['test/**/*.test.ts'],
    // Vitest leaves one processor idle. On two, that is half of the machine.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    setupFiles: [testing('setup.ts')],
    globalSetup: [testing('run.ts')],
    reporters: ['default', ['json', { outputFile: 'test-results/vitest.json' }], repeat],
    testTimeout: 600_000 * patience,
    hookTimeout: 600_000,
    slowTestThreshold: 10_000,
    passWithNoTests: false,
    allowOnly: false,
  },
});

export default config;
