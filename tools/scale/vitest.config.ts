import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';
import base from '../../vitest.base.ts';

/**
 * Other programs that work with ours: tested only on request, because they must be installed (`npm run test:scale`).
 */
const config: ViteUserConfig = mergeConfig(
  base,
  defineConfig({ test: { root: fileURLToPath(new URL('.', import.meta.url)) } }),
);
config.test!.include = ['*.test.ts'];
export default config;
