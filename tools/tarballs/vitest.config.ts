import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';
import base from '../../vitest.base.ts';

/**
 * Tests the packages as users get them: packed, and installed in an empty project (`npm run test:tarballs`, which builds
 * them).
 */
const config: ViteUserConfig = mergeConfig(
  base,
  defineConfig({
    test: { root: fileURLToPath(new URL('.', import.meta.url)), testTimeout: 600_000, hookTimeout: 600_000 },
  }),
);
export default config;
