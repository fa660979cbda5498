import { configDefaults, defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';
import base from '../../vitest.base.ts';

/**
 * The short version, for every change: translates scripts, and compiles and loads one module in one boot. `npm run
 * test:stap` runs all tests.
 */
const isShort = process.env['STAPFLAME_LABORATORY'] === 'short';
const ALL_BUT_SHORT = 'test/!(translate|shortest).test.ts';

/**
 * Tests with real SystemTap. They run one at a time, because an emulated machine takes minutes, or many minutes on busy
 * cores. A test fails when it shows no more activity (see testing/progress.ts), not after a fixed time.
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
