import { configDefaults, defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';
import base from '../../vitest.base.ts';

/**
 * The short version, run for every change: scripts are translated, and one module is compiled and loaded in one boot.
 * `npm run test:stap` runs this one and all the others.
 */
const isShort = process.env['STAPFLAME_LABORATORY'] === 'short';
const ALL_BUT_SHORT = 'test/!(translate|shortest).test.ts';

/**
 * Real SystemTap: one test at a time, because an emulated machine needs minutes, and many minutes on busy cores. A test
 * is given up when it shows no sign of life (see testing/progress.ts), not after a fixed time.
 */
const config: ViteUserConfig = mergeConfig(
  base,
  defineConfig({
    test: {
      exclude: [...configDefaults.exclude, ...(isShort ? [ALL_BUT_SHORT] : [])],
      fileParallelism: false,
      testTimeout: 0,
      hookTimeout: 0,
    },
  }),
);
export default config;
