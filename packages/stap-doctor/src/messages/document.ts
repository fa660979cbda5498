import type { Finding } from '../finding.ts';
import type { DistributionId } from '../machine.ts';
import { COMMANDS_FOR, MORE_FINDINGS, PASSED_OVER } from './doctor-limits.ts';
import { findingOf, type Circumstances, type Entry } from './entry.ts';
import { shown, valuesOfLines } from './read-message.ts';
import { CHAPTERS } from './table.ts';
import { UNEXPLAINED } from './unexplained.ts';

/** A message, as documented. */
export interface DocumentedMessage {
  /** The finding for the first of the `texts`. */
  readonly finding: Finding;
  /** Whether the message only reports the progress of a run. */
  readonly progress: boolean;
  /** Each wording of the message, exactly as it is printed. */
  readonly texts: readonly string[];
}

/** The messages from one source, under a common title. */
export interface DocumentedChapter {
  readonly title: string;
  readonly messages: readonly DocumentedMessage[];
}

/** Returns all known messages as documentation, with the commands for one distribution. */
export function documentMessages(id: DistributionId = 'unknown'): readonly DocumentedChapter[] {
  const chapters = [
    ...CHAPTERS,
    { title: 'Messages that the doctor does not know', entries: UNEXPLAINED },
    { title: "The doctor's limits", entries: [COMMANDS_FOR, PASSED_OVER, MORE_FINDINGS] },
  ];
  return chapters.map(({ title, entries }) => ({
    title,
    messages: entries.map((entry) => document(entry, { distribution: { id } })),
  }));
}

function document(entry: Entry, circumstances: Circumstances): DocumentedMessage {
  const lines = entry.examples[0]?.text.split('\n').map(shown);
  // findings about the doctor itself do not come from a line, so their values are made up
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
