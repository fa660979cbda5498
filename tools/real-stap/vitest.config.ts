import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';
import base from '../../vitest.base.ts';

/** Real SystemTap: one thing at a time, and an emulated machine needs minutes. */
const config: ViteUserConfig = mergeConfig(
  base,
  defineConfig({ test: { fileParallelism: false, testTimeout: 300_000, hookTimeout: 900_000 } }),
);
export default config;
