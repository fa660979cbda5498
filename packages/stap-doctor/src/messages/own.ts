import type { Entry } from './entry.ts';

/** What the doctor says of its own bounds; no line says it. */
export const PASSED_OVER: Entry = {
  code: 'lines-passed-over',
  patterns: [],
  severity: 'note',
  meaning: 'Lines were longer than the doctor reads, and are neither judged nor passed on.',
  cause: ({ bytes }) => `${bytes} bytes; positions after them are counted without them.`,
  examples: [],
};

export const MORE_FINDINGS: Entry = {
  code: 'more-findings',
  patterns: [],
  severity: 'note',
  meaning: 'There are more different findings than the doctor keeps.',
  cause: ({ count }) => `${count} lines more were recognised, and are not told.`,
  examples: [],
};
