import stripAnsi from 'strip-ansi';
import type { Entry, Values } from './entry.ts';
import { ENTRIES } from './table.ts';
import { UNEXPLAINED } from './unexplained.ts';

const ALL: readonly Entry[] = [...ENTRIES, ...UNEXPLAINED];

/** How many characters of a line are looked at. Every pattern takes time linear in them. */
const LOOKED_AT = 8192;
// C0 and C1 controls, and the marks that change the direction of text
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** What a line was recognised as. */
export interface Message {
  readonly entry: Entry;
  readonly values: Values;
}

/** The text of a line, safe to show: terminal escapes are removed, other control characters replaced. */
export function shown(line: string): string {
  return stripAnsi(line.slice(0, LOOKED_AT)).replace(/\r$/, '').replace(UNSEEN, '\ufffd');
}

/** Recognises a line that was made safe to show; `undefined` if it is empty. */
export function readMessage(line: string): Message | undefined {
  const text = withoutPrefix(line);
  for (const entry of ALL) {
    const values = valuesOf(entry, text);
    if (values !== undefined) return { entry, values };
  }
  return undefined;
}

/** What an entry captures in all lines of a message together or, if they do not match, in the first one. */
export function valuesOfLines(entry: Entry, lines: readonly string[]): Values | undefined {
  const joined = lines.map((line) => line.trim()).join(' ');
  return valuesOf(entry, withoutPrefix(joined)) ?? valuesOf(entry, withoutPrefix(lines[0]!));
}

/** What the patterns of an entry capture in a text, if one of them matches. */
export function valuesOf(entry: Entry, text: string): Values | undefined {
  for (const pattern of entry.patterns) {
    const groups = pattern.exec(text);
    if (groups) return captured(groups);
  }
  return undefined;
}

function captured({ groups = {} }: RegExpExecArray): Values {
  const given = Object.entries(groups).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

/** Removes what `stapflame record`, and staprun with -v, put before a message. */
export function withoutPrefix(line: string): string {
  return line.replace(/^stapflame: /, '').replace(/^(?:stapio|staprun):\w+:\d+:? (?=ERROR: |WARNING: )/, '');
}
