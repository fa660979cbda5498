import stripAnsi from 'strip-ansi';
import type { Entry, Values } from './entry.ts';
import { ENTRIES } from './table.ts';
import { UNEXPLAINED } from './unexplained.ts';

const ALL: readonly Entry[] = [...ENTRIES, ...UNEXPLAINED];

/** Maximum number of characters examined in a line. Every pattern's running time is linear in this number. */
const LOOKED_AT = 8192;
// C0 and C1 control characters, and characters that change the text direction
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A recognised line: its entry and values. */
export interface Message {
  readonly entry: Entry;
  readonly values: Values;
}

/** Makes a line safe to show: removes terminal escapes and replaces other control characters. */
export function shown(line: string): string {
  return stripAnsi(line.slice(0, LOOKED_AT)).replace(/\r$/, '').replace(UNSEEN, '\ufffd');
}

/** Recognises a line that {@link shown} made safe. Returns `undefined` if the line is empty. */
export function readMessage(line: string): Message | undefined {
  const text = withoutPrefix(line);
  for (const entry of ALL) {
    const values = valuesOf(entry, text);
    if (values !== undefined) return { entry, values };
  }
  return undefined;
}

/**
 * Returns the values that an entry's patterns capture from a message's joined lines or, if these do not match, from its
 * first line.
 */
export function valuesOfLines(entry: Entry, lines: readonly string[]): Values | undefined {
  const joined = lines.map((line) => line.trim()).join(' ');
  return valuesOf(entry, withoutPrefix(joined)) ?? valuesOf(entry, withoutPrefix(lines[0]!));
}

/** Returns the values that an entry's patterns capture from a string, or `undefined` if none of the patterns match. */
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

/** Removes the prefix that `stapflame record`, or staprun with -v, puts before a message. */
export function withoutPrefix(line: string): string {
  return line.replace(/^stapflame: /, '').replace(/^(?:stapio|staprun):\w+:\d+:? (?=ERROR: |WARNING: )/, '');
}
