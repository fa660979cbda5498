import { advise } from '../finding.ts';
import type { Entry } from './entry.ts';

/** Findings about the doctor's own limits, not about a line. */
export const PASSED_OVER: Entry = {
  code: 'lines-passed-over',
  patterns: [],
  severity: ({ explained }) => (explained === 'yes' ? 'note' : 'blocks'),
  obstacle: 'unknown',
  meaning: 'Some lines are too long for the doctor. It neither reads them nor passes them on.',
  cause: ({ bytes, explained }) =>
    `They hold ${bytes} bytes, which are not counted in the positions of later lines.${explained === 'yes' ? '' : ' No other message explains a failure, so they may hold the reason for one.'}`,
  fixes: () => [advise('Look at the long lines yourself: cut -c 1-500 FILE shows how each line begins.')],
  examples: [],
};

export const MORE_FINDINGS: Entry = {
  code: 'more-findings',
  patterns: [],
  severity: 'note',
  meaning: 'There are more findings than the doctor keeps.',
  cause: ({ count }) => `${count} more lines were recognised, but are not shown.`,
  examples: [],
};

/** Says which distribution the commands are for, if the user did not say so. */
export const COMMANDS_FOR: Entry = {
  code: 'commands-for',
  patterns: [],
  severity: 'note',
  meaning: 'The commands depend on the distribution.',
  cause: ({ distribution, from }) =>
    from === 'messages'
      ? `They are for ${distribution}, which the messages point to.`
      : `They are for ${distribution}, the distribution of this machine: the messages do not say where they come from.`,
  fixes: () => [
    advise(
      'If the messages come from another machine, give stapflame doctor a copy of its /etc/os-release: --os-release FILE.',
    ),
  ],
  examples: [],
};
