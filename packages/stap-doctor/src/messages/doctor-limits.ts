import { advise } from '../finding.ts';
import type { Entry } from './entry.ts';

/** Findings about the doctor's own limits. Unlike other entries, they match no line. */
export const PASSED_OVER: Entry = {
  code: 'lines-passed-over',
  patterns: [],
  severity: ({ explained }) => (explained === 'yes' ? 'note' : 'blocks'),
  obstacle: 'unknown',
  meaning: 'Some lines are too long for the doctor. It skips them and does not pass them on.',
  cause: ({ bytes, explained }) =>
    `The skipped lines contain ${bytes} bytes in total, which are not counted in the positions of later lines.${explained === 'yes' ? '' : ' If the run failed, the reason may be in these lines, because no other message explains a failure.'}`,
  fixes: () => [advise('Look at the long lines yourself: cut -c 1-500 FILE shows how each line begins.')],
  examples: [],
};

export const MORE_FINDINGS: Entry = {
  code: 'more-findings',
  patterns: [],
  severity: 'note',
  meaning: 'There are more findings than the doctor can keep.',
  cause: ({ count }) => `${count} more messages were recognised but are not shown.`,
  examples: [],
};

/** Says which distribution the commands are for, if the user did not name one. */
export const COMMANDS_FOR: Entry = {
  code: 'commands-for',
  patterns: [],
  severity: 'note',
  meaning: 'Some of the suggested commands depend on the distribution.',
  cause: ({ distribution, from }) =>
    from === 'messages'
      ? `The commands are for ${distribution}, because the messages seem to come from it.`
      : `The commands are for ${distribution}, this machine's distribution, because the messages do not show which distribution they come from.`,
  fixes: () => [
    advise(
      "If the messages come from another machine, give stapflame doctor a copy of that machine's /etc/os-release with --os-release FILE.",
    ),
  ],
  examples: [],
};
