import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** Packages whose own tests take every branch. */
const WHOLE = [
  'bpftrace-parser',
  'call-tree',
  'diff',
  'dtrace-parser',
  'firefox-writer',
  'folder',
  'functions',
  'line-scanner',
  'perf-parser',
  'pprof-writer',
  'speedscope-writer',
  'stacks',
  'stap-doctor',
  'stap-parser',
  'stap-runner',
  'stap-script',
  'svg-renderer',
  'symbols',
  'tables',
];

/** A failure means that a branch has lost its tests, so it must not depend on the cases that properties take. */
process.env['STAPFLAME_SEED'] = '1';

/** Coverage of the packages by their own tests (`npm run coverage`): no test takes a branch in another package's name. */
const config: ViteUserConfig = mergeConfig(
  base,
  defineConfig({
    test: {
      coverage: {
        provider: 'v8',
        reporter: ['text'],
        include: WHOLE.map((name) => `packages/${name}/src/**`),
        thresholds: { branches: 100 },
      },
    },
  }),
);
export default config;
