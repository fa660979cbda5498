import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';
import base from '../vitest.config.ts';

/** These are measurements, not tests. They run only on request, and never fail because of their figures. */
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
