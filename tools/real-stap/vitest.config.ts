import { configDefaults, defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';
import base from '../../vitest.base.ts';

/**
 * The short form, for every change, leaves out the ssh daemon inside the emulated machine: that boot takes six
 * minutes on busy cores, and once the whole machine stood still in it. `npm run test:stap` runs it.
 */
const isShort = process.env['STAPFLAME_LABORATORY'] === 'short';

/**
 * Real SystemTap: one thing at a time, and an emulated machine needs minutes, on busy cores many. What runs is given
 * up when it shows no sign of life (see testing/progress.ts), not after a time.
 */
const config: ViteUserConfig = mergeConfig(
  base,
  defineConfig({
    test: {
      exclude: [...configDefaults.exclude, ...(isShort ? ['test/ssh.test.ts'] : [])],
      fileParallelism: false,
      testTimeout: 0,
      hookTimeout: 0,
    },
  }),
);
export default config;
