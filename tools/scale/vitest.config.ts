import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';
import base from '../../vitest.base.ts';

/** Programs of others that work with ours: only when asked, for they have to be there (`npm run test:scale`). */
const config: ViteUserConfig = mergeConfig(
  base,
  defineConfig({ test: { root: fileURLToPath(new URL('.', import.meta.url)) } }),
);
config.test!.include = ['*.test.ts'];
export default config;
