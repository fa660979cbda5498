import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';
import base from './vitest.base.ts';

/** All projects in one process: each that is started by itself loads vitest and the shared modules anew. */
const config: ViteUserConfig = mergeConfig(
  base,
  defineConfig({ test: { projects: ['packages/*', 'tools'] } }),
);
export default config;
