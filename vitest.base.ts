import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** What every package's tests share: live sources of siblings, and a report that `.ci/run` counts. */
const config: ViteUserConfig = defineConfig({
  resolve: { conditions: ['@stapflame/source'] },
  ssr: { resolve: { conditions: ['@stapflame/source'] } },
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', ['json', { outputFile: 'test-results/vitest.json' }]],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    passWithNoTests: false,
    allowOnly: false,
  },
});

export default config;
