import { afterAll, beforeEach } from 'vitest';
import { en } from 'zod/locales';
import { config } from 'zod/mini';
import { mark, undoDownTo } from './cleanup.ts';
import { configureProperties } from './properties.ts';

configureProperties();

/** The stages' own copies of zod have this language, too (`tools/packages/bundle-zod.mjs`). */
config(en());

/**
 * The environment of whoever starts the tests differs: a CI server sets `CI`, a colleague `NO_COLOR`. It must not change
 * what a test sees, so the variables that our programs, Node and `script` look at are the same for everyone.
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
