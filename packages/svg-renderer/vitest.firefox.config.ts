import type { ViteUserConfig } from 'vitest/config';
import base from '../../vitest.base.ts';

/** Runs the tests that need Firefox. They have a separate command: `npm run test:firefox`. */
const config: ViteUserConfig = {
  ...base,
  test: { ...base.test, include: ['firefox/**/*.test.ts'], reporters: ['default'] },
};
export default config;
