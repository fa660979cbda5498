import { advise } from '../finding.ts';
import { sh } from '../shell.ts';
import { each, listed, type Entry } from './entry.ts';

const SOURCE = /^\s*$|^\s+source: |^\s+\^$|^\s+saw: /;

/** stap errors without a separate entry. */
const SCRIPT_ERROR: Entry = {
  code: 'script-error',
  patterns: [/^semantic error: (?<error>.+)/],
  continues: SOURCE,
  gathers: 'error',
  severity: 'blocks',
  obstacle: 'configuration',
  meaning: 'stap rejects the script.',
  cause: ({ error }) => `It says: ${each(error)[0] ?? ''}.`,
  fixes: () => [
    advise('Correct the script at the place that stap names.'),
    {
      commands: [sh`stap -V 2>&1 | head -n 1`],
      effect: 'Shows the version. A script may need a newer version, or one as old as the script.',
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

/** Words with which programs say that something went wrong. */
const WRONG =
  /\b(?:errors?|fatal|fail(?:ed|ure|s)?|cannot|can't|couldn't|could not|unable|denied|refused|invalid|no such|not found|not permitted|not allowed|is required|unknown|unrecognized|unsupported|missing|panic|killed|aborted|segmentation fault|timed out|out of memory)\b/i;

/** A line that says that something went wrong, in words unknown to the doctor. */
export const UNEXPLAINED_ERROR: Entry = {
  code: 'unexplained-error',
  patterns: [new RegExp(`^(?<error>(?=.*${WRONG.source}).+)$`, 'i')],
  gathers: 'error',
  severity: 'blocks',
  obstacle: 'unknown',
  meaning: 'The doctor does not know this message. It is the likely cause.',
  cause: ({ error }) => `It says: ${listed(error)}`,
  fixes: () => [advise('If stapflame should know it, please report it with the lines around it.')],
  links: ['man stap'],
  examples: [{ text: 'ERROR: Interrupted system call', from: 'source' }],
};

/** Any other unknown line, if nothing else explains the run. */
export const UNEXPLAINED_TEXT: Entry = {
  ...UNEXPLAINED_ERROR,
  code: 'unexplained-text',
  patterns: [/^(?<error>.*\S.*)$/],
  meaning: 'The doctor recognises none of these messages, and cannot say whether the run succeeded.',
  examples: [{ text: 'hello from a program', from: 'source' }],
};

/** Tried in this order if no other message matches. */
export const UNEXPLAINED: readonly Entry[] = [SCRIPT_ERROR, UNEXPLAINED_ERROR, UNEXPLAINED_TEXT];
