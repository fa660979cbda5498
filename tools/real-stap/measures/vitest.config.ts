import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';
import base from '../vitest.config.ts';

/** These are measurements, not tests, and run only on request: the figures never make them fail. */
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
