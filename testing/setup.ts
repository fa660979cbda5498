import { afterAll, beforeEach } from 'vitest';
import en from 'zod/v4/locales/en.js';
import { mark, undoDownTo } from './cleanup.ts';
import { configureProperties } from './properties.ts';

configureProperties();

/**
 * The stages' own copies of zod also use this language. zod stores its settings here, too, when it is loaded (see
 * `tools/packages/bundle-zod.mjs`). Loading it in every test file would take twenty seconds of a run.
 */
Object.assign(((globalThis as { __zod_globalConfig?: object }).__zod_globalConfig ??= {}), en());

/**
 * Each person and each server that runs the tests has a different environment: a CI server may set `CI`, a colleague
 * `NO_COLOR`. Tests must not depend on this, so the variables that our programs, Node and `script` read are removed or
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
