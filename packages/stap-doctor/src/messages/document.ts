import type { Finding } from '../finding.ts';
import type { DistributionId } from '../machine.ts';
import { COMMANDS_FOR, MORE_FINDINGS, PASSED_OVER } from './doctor-limits.ts';
import { findingOf, type Circumstances, type Entry } from './entry.ts';
import { shown, valuesOfLines } from './read-message.ts';
import { CHAPTERS } from './table.ts';
import { UNEXPLAINED } from './unexplained.ts';

/** A message, as documented. */
export interface DocumentedMessage {
  /** The finding for the first of the texts. */
  readonly finding: Finding;
  /** The message only reports the progress of a run. */
  readonly progress: boolean;
  /** The message exactly as printed, in all its wordings. */
  readonly texts: readonly string[];
}

/** The messages that come from one source. */
export interface DocumentedChapter {
  readonly title: string;
  readonly messages: readonly DocumentedMessage[];
}

/** The whole table as documentation, with the commands of one distribution. */
export function documentMessages(id: DistributionId = 'unknown'): readonly DocumentedChapter[] {
  const chapters = [
    ...CHAPTERS,
    { title: 'What the doctor does not know', entries: UNEXPLAINED },
    { title: 'Limits of the doctor', entries: [COMMANDS_FOR, PASSED_OVER, MORE_FINDINGS] },
  ];
  return chapters.map(({ title, entries }) => ({
    title,
    messages: entries.map((entry) => document(entry, { distribution: { id } })),
  }));
}

function document(entry: Entry, circumstances: Circumstances): DocumentedMessage {
  const lines = entry.examples[0]?.text.split('\n').map(shown);
  // findings about the doctor itself do not come from a line
  const values =
    lines === undefined
      ? { bytes: '70000', explained: 'no', count: '3', distribution: 'Debian 12', from: 'machine' }
      : valuesOfLines(entry, lines)!;
  return {
    finding: findingOf(entry, values, circumstances),
    progress: entry.severity === 'progress',
    texts: entry.examples.map(({ text }) => text),
  };
}
