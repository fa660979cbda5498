import type { Entry } from './entry.ts';

/** What the doctor says of its own limits; no line says it. */
export const PASSED_OVER: Entry = {
  code: 'lines-passed-over',
  patterns: [],
  severity: 'note',
  meaning: 'Some lines are too long for the doctor. It neither reads them nor passes them on.',
  cause: ({ bytes }) => `They hold ${bytes} bytes, which the positions of later lines leave out.`,
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
