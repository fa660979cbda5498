import { afterAll, beforeEach } from 'vitest';
import en from 'zod/v4/locales/en.js';
import { mark, undoDownTo } from './cleanup.ts';
import { configureProperties } from './properties.ts';

configureProperties();

/**
 * Sets the language of zod's messages, as the stages' own copies do (see `tools/packages/bundle-zod.mjs`). zod itself
 * stores its settings here when it is loaded, but loading it in every test file would add twenty seconds to a run.
 */
Object.assign(((globalThis as { __zod_globalConfig?: object }).__zod_globalConfig ??= {}), en());

/**
 * Everyone who runs the tests has a different environment: a CI server may set `CI`, a colleague `NO_COLOR`. Tests must
 * not depend on this, so the variables that our programs, Node and `script` read are removed or
 * set.
 */
const AMBIENT =
  'CI NO_COLOR FORCE_COLOR NODE_DISABLE_COLORS COLORTERM TEAMCITY_VERSION TMUX COLUMNS LINES DEBUGINFOD_URLS SUDO_UID';
for (const name of AMBIENT.split(' ')) delete process.env[name];
Object.assign(process.env, { TERM: 'xterm', SHELL: '/bin/sh', LC_ALL: 'C.UTF-8', TZ: 'UTC' });

beforeEach(() => {
  const before = mark();
  return () => undoDownTo(before);
});
afterAll(() => undoDownTo(0));
