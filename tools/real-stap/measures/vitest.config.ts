import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';
import base from '../vitest.config.ts';

/** Measurements instead of tests, and only on request: no number makes them pass or fail. */
const config: ViteUserConfig = mergeConfig(
  base,
  defineConfig({
    test: {
      root: fileURLToPath(new URL('.', import.meta.url)),
      reporters: ['default'],
    },
  }),
);
config.test!.include = ['*.test.ts'];
config.test!.reporters = ['default'];
export default config;
