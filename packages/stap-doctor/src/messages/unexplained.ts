import { advise } from '../finding.ts';
import { sh } from '../shell.ts';
import { each, listed, type Entry } from './entry.ts';

const SOURCE = /^\s*$|^\s+source: |^\s+\^$|^\s+saw: /;

/** stap errors that do not have their own entry. */
const SCRIPT_ERROR: Entry = {
  code: 'script-error',
  patterns: [/^semantic error: (?<error>.+)/],
  continues: SOURCE,
  gathers: 'error',
  severity: 'blocks',
  obstacle: 'configuration',
  meaning: 'stap rejects the script.',
  cause: ({ error }) => `stap says: ${each(error)[0]!}.`,
  fixes: () => [
    advise('Correct the script at the place that stap names.'),
    {
      commands: [sh`stap -V 2>&1 | head -n 1`],
      effect:
        'Shows the version. A script may need a newer version, or an older version from the time when the script was written.',
    },
  ],
  links: ['man stap', 'man error::pass2'],
  examples: [
    {
      text: "semantic error: unresolved arity-1 global array name, missing global declaration?: identifier 'name' at /tmp/stapd6pu9A:4:2\n        source: name[t]=execname()\n                ^",
      from: 'report',
    },
  ],
};

/** Words that programs use to say that something went wrong. */
const WRONG =
  /\b(?:errors?|fatal|fail(?:ed|ure|s)?|cannot|can't|couldn't|could not|unable|denied|refused|invalid|no such|not found|not permitted|not allowed|is required|unknown|unrecognized|unsupported|missing|panic|killed|aborted|segmentation fault|timed out|out of memory)\b/i;

/** An unknown line that contains a word such as `error` or `failed`. */
export const UNEXPLAINED_ERROR: Entry = {
  code: 'unexplained-error',
  patterns: [new RegExp(`^(?<error>(?=.*${WRONG.source}).+)$`, 'i')],
  gathers: 'error',
  severity: 'blocks',
  obstacle: 'unknown',
  meaning: 'The doctor does not know this message, but it is the likely cause.',
  cause: ({ error }) => `The message is: ${listed(error)}`,
  fixes: () => [
    advise('If stapflame should know this message, please report it together with the lines around it.'),
  ],
  links: ['man stap'],
  examples: [{ text: 'ERROR: Interrupted system call', from: 'source' }],
};

/** Any other unknown line. It is reported only if nothing else explains how the run ended. */
export const UNEXPLAINED_TEXT: Entry = {
  ...UNEXPLAINED_ERROR,
  code: 'unexplained-text',
  patterns: [/^(?<error>.*\S.*)$/],
  meaning: 'The doctor knows none of these messages and cannot tell whether the run succeeded.',
  examples: [{ text: 'hello from a program', from: 'source' }],
};

/** The entries that are tried, in this order, if no other entry matches. */
export const UNEXPLAINED: readonly Entry[] = [SCRIPT_ERROR, UNEXPLAINED_ERROR, UNEXPLAINED_TEXT];
