import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';
import base from '../../vitest.base.ts';

/**
 * Tests with other programs that work with ours. They run only on request (`npm run test:scale`), because the programs
 * must be installed.
 */
const config: ViteUserConfig = mergeConfig(
  base,
  defineConfig({ test: { root: fileURLToPath(new URL('.', import.meta.url)) } }),
);
config.test!.include = ['*.test.ts'];
export default config;
